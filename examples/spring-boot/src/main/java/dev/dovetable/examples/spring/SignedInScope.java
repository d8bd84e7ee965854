package dev.dovetable.examples.spring;

import dev.dovetable.core.Crm;
import dev.dovetable.core.TenantScope;
import dev.dovetable.core.common.Actor;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Gives controllers the agent whose prefix is in the path, as the signed-in user sees it: a
 * parameter of type {@link TenantScope}. Who that is, the request's principal says, whose name is
 * the user's id, as it is in Spring Security with Supabase's tokens. Nobody signed in is answered
 * with 401; the prefix of somebody else's agent leads to nothing.
 */
@Component
class SignedInScope implements HandlerMethodArgumentResolver, WebMvcConfigurer {
  private static final String PREFIX = "prefix";

  private final Crm crm;

  SignedInScope(Crm crm) {
    this.crm = crm;
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == TenantScope.class;
  }

  @Override
  public TenantScope resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    return crm.as(Actor.user(signedIn(request.getUserPrincipal()))).tenant(prefix(request));
  }

  private static UUID signedIn(@Nullable Principal principal) {
    if (principal == null) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED);
    }
    try {
      return UUID.fromString(principal.getName());
    } catch (IllegalArgumentException e) {
      throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, null, e);
    }
  }

  private static String prefix(NativeWebRequest request) {
    Object path =
        request.getAttribute(
            HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
    if (path instanceof Map<?, ?> variables && variables.get(PREFIX) instanceof String prefix) {
      return prefix;
    }
    throw new IllegalStateException("The path of a TenantScope's controller has no {prefix}");
  }
}
