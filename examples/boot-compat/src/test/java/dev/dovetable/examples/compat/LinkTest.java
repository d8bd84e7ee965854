package dev.dovetable.examples.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dovetable.core.Crm;
import dev.dovetable.spring.CrmProperties;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.SpringAsmInfo;

/**
 * The library was compiled with one jOOQ and the starter with one Spring Boot, and both run with
 * others: they find every method there.
 */
class LinkTest {
  private final Set<String> calls = new TreeSet<>();
  private final Set<String> missing = new TreeSet<>();
  private List<String> owners = List.of();

  @Test
  void everyMethodOfJooqThatIsCalledIsThere() throws IOException {
    owners = List.of("org/jooq/", "dev/dovetable/core/jooq/");
    read(Crm.class, "");

    assertThat(calls).hasSizeGreaterThan(300);
    assertThat(missing).isEmpty();
  }

  /** But for those of health, of which one is for Spring Boot 3 and the other for 4. */
  @Test
  void everyMethodOfSpringThatIsCalledIsThere() throws IOException {
    owners = List.of("org/springframework/", "io/micrometer/", "dev/dovetable/core/");
    read(CrmProperties.class, "/health/");

    assertThat(calls).hasSizeGreaterThan(50);
    assertThat(missing).isEmpty();
  }

  private void read(Class<?> ofJar, String but) throws IOException {
    Path library =
        Path.of(File.separator)
            .resolve(ofJar.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (JarFile jar = new JarFile(library.toFile())) {
      for (JarEntry entry :
          jar.stream()
              .filter(e -> e.getName().endsWith(".class"))
              .filter(e -> but.isEmpty() || !e.getName().contains(but))
              .toList()) {
        try (InputStream bytes = jar.getInputStream(entry)) {
          new ClassReader(bytes).accept(new Calls(), ClassReader.SKIP_DEBUG);
        }
      }
    }
  }

  private void call(String owner, String name, String descriptor) {
    if (owners.stream().noneMatch(owner::startsWith)) {
      return;
    }
    String call = owner + "." + name + descriptor;
    if (calls.add(call) && !isThere(owner, name, descriptor)) {
      missing.add(call);
    }
  }

  private static boolean isThere(String owner, String name, String descriptor) {
    ClassLoader loader = LinkTest.class.getClassLoader();
    try {
      return isThere(
          Class.forName(owner.replace('/', '.'), false, loader),
          name,
          MethodType.fromMethodDescriptorString(descriptor, loader),
          new HashSet<>());
    } catch (ClassNotFoundException | TypeNotPresentException e) {
      return false;
    }
  }

  private static boolean isThere(Class<?> type, String name, MethodType wanted, Set<Class<?>> seen) {
    if (type == null || !seen.add(type)) {
      return false;
    }
    boolean here =
        name.equals("<init>")
            ? Arrays.stream(type.getDeclaredConstructors()).anyMatch(c -> takes(c, wanted))
            : Arrays.stream(type.getDeclaredMethods())
                .anyMatch(
                    method ->
                        method.getName().equals(name)
                            && method.getReturnType() == wanted.returnType()
                            && takes(method, wanted));
    return here
        || isThere(type.getSuperclass(), name, wanted, seen)
        || Arrays.stream(type.getInterfaces()).anyMatch(i -> isThere(i, name, wanted, seen))
        || type.isInterface() && isThere(Object.class, name, wanted, seen);
  }

  private static boolean takes(Executable method, MethodType wanted) {
    return Arrays.equals(method.getParameterTypes(), wanted.parameterArray());
  }

  private final class Calls extends ClassVisitor {
    private Calls() {
      super(SpringAsmInfo.ASM_VERSION);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(SpringAsmInfo.ASM_VERSION) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String called, String type, boolean isInterface) {
          call(owner, called, type);
        }
      };
    }
  }
}
