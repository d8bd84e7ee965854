package dev.dovetable.examples.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** In the place of a sign-in: a header says who it is. */
@Component
class HeaderSignIn extends OncePerRequestFilter {
  static final String HEADER = "X-Signed-In";

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String user = request.getHeader(HEADER);
    chain.doFilter(
        new HttpServletRequestWrapper(request) {
          @Override
          public @Nullable Principal getUserPrincipal() {
            return user == null ? null : () -> user;
          }
        },
        response);
  }
}
