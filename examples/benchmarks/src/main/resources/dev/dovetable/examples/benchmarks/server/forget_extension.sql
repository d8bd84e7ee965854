-- So that the next run has to do it again, and new agents don't get it.
delete from crm_private.agent_versions where extension = 'benchmark';
delete from crm_private.agent_templates where extension = 'benchmark';
