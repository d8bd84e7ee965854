package dev.dovetable.examples.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.common.Actor;
import dev.dovetable.core.common.PageRequest;
import dev.dovetable.core.inbox.Conversation;
import java.security.Principal;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

// What a reader of README.md sees first.
// README.md begins
@RestController
record Conversations(Crm crm) {
  @GetMapping("/inbox/{prefix}") // somebody else's reads nothing
  List<Conversation> latest(@PathVariable String prefix, Principal signedIn) {
    Actor user = Actor.user(UUID.fromString(signedIn.getName()));
    return crm.as(user).tenant(prefix).conversations().latest(PageRequest.first(30)).items();
  }
}
// ends
