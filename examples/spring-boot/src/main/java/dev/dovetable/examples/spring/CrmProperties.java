package dev.dovetable.examples.spring;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the CRM is.
 *
 * @param schema the schema that holds its tables
 * @param install whether to install or upgrade it at the start, which the login must be allowed to
 * @param statementTimeout how long one of its statements may run
 * @param lockTimeout how long one of its statements may wait for a lock
 * @param webhookSecrets the app's secrets at Meta, with which it signs; several while they change
 * @param webhookBodyLimit how many bytes a body may have
 */
@ConfigurationProperties("crm")
record CrmProperties(
    @DefaultValue("crm") String schema,
    @DefaultValue("false") boolean install,
    @DefaultValue("10s") Duration statementTimeout,
    @DefaultValue("2s") Duration lockTimeout,
    @DefaultValue List<String> webhookSecrets,
    @DefaultValue("3145728") int webhookBodyLimit) {}
