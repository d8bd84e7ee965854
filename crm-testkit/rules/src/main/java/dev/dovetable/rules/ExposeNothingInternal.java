package dev.dovetable.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Whether a class's public and protected signatures name what is internal. */
final class ExposeNothingInternal extends ArchCondition<JavaClass> {
  private final Predicate<JavaClass> isInternal;

  ExposeNothingInternal(Predicate<JavaClass> isInternal) {
    super("expose no internal type, but in constructors whose Javadoc begins with \"Internal\"");
    this.isInternal = isInternal;
  }

  static boolean isOpen(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    type.getSuperclass().ifPresent(parent -> require(type, List.of(parent), "extends", events));
    require(type, type.getInterfaces(), "implements", events);
    for (JavaField field : type.getFields()) {
      checkMember(type, field, Stream.of(field.getType()), events);
    }
    for (JavaCodeUnit method : type.getMethods()) {
      checkMember(type, method, typesOf(method), events);
    }
    List<JavaConstructor> exposing =
        type.getConstructors().stream()
            .filter(one -> isOpen(one.getModifiers()) && typesOf(one).anyMatch(this::namesInternal))
            .toList();
    if (!exposing.isEmpty() && exposing.size() != Sources.constructorsMarkedInternal(type)) {
      tell(type, type.getName() + ": constructors not all marked as internal: " + exposing, events);
    }
  }

  private void checkMember(
      JavaClass type, JavaMember member, Stream<JavaType> types, ConditionEvents events) {
    if (isOpen(member.getModifiers()) && !member.getModifiers().contains(JavaModifier.SYNTHETIC)) {
      require(type, types.toList(), member.getFullName() + " names", events);
    }
  }

  private void require(
      JavaClass type, Iterable<? extends JavaType> named, String how, ConditionEvents events) {
    for (JavaType one : named) {
      if (namesInternal(one)) {
        tell(type, type.getName() + ": " + how + ' ' + one.getName(), events);
      }
    }
  }

  private boolean namesInternal(JavaType type) {
    return type.getAllInvolvedRawTypes().stream().anyMatch(isInternal);
  }

  private static Stream<JavaType> typesOf(JavaCodeUnit member) {
    return Stream.of(
            Stream.of(member.getReturnType()),
            member.getParameterTypes().stream(),
            member.getExceptionTypes().stream(),
            member.getTypeParameters().stream())
        .flatMap(types -> types);
  }

  private static void tell(JavaClass type, String problem, ConditionEvents events) {
    events.add(SimpleConditionEvent.violated(type, problem));
  }
}
