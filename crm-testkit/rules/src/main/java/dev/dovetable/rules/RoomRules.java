package dev.dovetable.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules for the packages ("rooms") of one module, read from its directory, which is the working
 * directory of its tests. Each throws an {@link AssertionError} that names what breaks it. What is
 * package-private, the compiler guards; these look at what has to be public for a neighbour's sake.
 */
public final class RoomRules {
  private static final Path MAIN = Path.of("target", "classes");
  private static final Path TESTS = Path.of("target", "test-classes");

  private final String root;
  private final Set<String> generated;
  private final JavaClasses main = read(MAIN);

  private RoomRules(String root, Set<String> generated) {
    this.root = root;
    this.generated = generated;
  }

  /**
   * @param root the package below which all others are
   * @param generated packages, relative to it, whose own packages aren't looked at one by one,
   *     because nobody wrote them
   */
  public static RoomRules of(String root, String... generated) {
    return new RoomRules(
        root,
        Stream.of(generated)
            .map(name -> root + '.' + name)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** No package depends on one that depends on it, by whatever detour. */
  public void haveNoCycles() {
    beFreeOfCycles(main);
  }

  /** The same of the tests' packages; what a test says about the code under test doesn't count. */
  public void haveNoCyclesInTests() {
    beFreeOfCycles(read(TESTS));
  }

  /** Of what isn't the module's own, the names are enough. */
  private static JavaClasses read(Path classes) {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter().importPath(classes);
  }

  private void beFreeOfCycles(JavaClasses classes) {
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(classes);
  }

  /**
   * Of this module's API, what is internal knows nothing but those packages.
   *
   * @param vocabulary packages, relative to the root; generated ones with those below them
   */
  public void internalKnowsOnly(String... vocabulary) {
    Set<String> known =
        Stream.of(vocabulary).map(name -> root + '.' + name).collect(Collectors.toSet());
    noClasses()
        .that()
        .resideInAPackage(root + ".internal..")
        .should()
        .dependOnClassesThat(
            describe(
                "are API other than " + known,
                type ->
                    isInside(type.getPackageName(), root)
                        && !isInternal(type)
                        && !known.contains(roomOf(type))))
        .check(main);
  }

  /** The root is a front door: it knows the other packages, and none of them knows it. */
  public void knowNoFrontDoor() {
    noClasses()
        .that()
        .resideOutsideOfPackage(root)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root)
        .check(main);
  }

  /**
   * No public signature of the API names a type that is internal, but those of constructors whose
   * Javadoc begins with "Internal". Outside of internal packages, a class is internal if it is
   * named here and its own Javadoc begins with that word and hides it; nobody else's may.
   *
   * @param forNeighbours classes, relative to the root, that are public for another package's sake
   */
  public void exposeNothingInternal(String... forNeighbours) {
    Set<String> neighbours =
        Stream.of(forNeighbours)
            .map(name -> root + '.' + name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> marked =
        main.stream()
            .filter(type -> isHandWrittenApi(type) && type.isTopLevelClass())
            .filter(Sources::isMarkedInternal)
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!marked.equals(neighbours)) {
      throw new AssertionError(
          "Marked as internal: " + marked + ", but public for neighbours: " + neighbours);
    }
    Predicate<JavaClass> isInternal =
        type ->
            isInternal(type)
                || neighbours.contains(Sources.topLevelName(type.getBaseComponentType()));
    classes()
        .that(
            describe(
                "are public API",
                type ->
                    isInside(type.getPackageName(), root)
                        && !isInternal.test(type)
                        && isOpen(type)))
        .should(new ExposeNothingInternal(isInternal))
        .check(main);
  }

  private boolean isHandWrittenApi(JavaClass type) {
    return isInside(type.getPackageName(), root)
        && !isInternal(type)
        && generated.stream().noneMatch(one -> isInside(type.getPackageName(), one));
  }

  private String roomOf(JavaClass type) {
    String name = type.getPackageName();
    return generated.stream().filter(one -> isInside(name, one)).findAny().orElse(name);
  }

  private static boolean isOpen(JavaClass type) {
    return ExposeNothingInternal.isOpen(type.getModifiers())
        && type.getEnclosingClass().map(RoomRules::isOpen).orElse(true);
  }

  /** Of whichever module of ours. */
  private static boolean isInternal(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName() + '.';
    return name.startsWith("dev.dovetable.") && name.contains(".internal.");
  }

  private static boolean isInside(String name, String ancestor) {
    return name.equals(ancestor) || name.startsWith(ancestor + '.');
  }

  /** A slice for each package. */
  private final class ByPackage implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return isInside(type.getPackageName(), root)
          ? SliceIdentifier.of(roomOf(type))
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages of " + root;
    }
  }
}
