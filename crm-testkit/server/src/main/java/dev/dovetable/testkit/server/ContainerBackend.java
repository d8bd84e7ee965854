package dev.dovetable.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import dev.dovetable.testkit.server.PostgresServer.Source;
import dev.dovetable.testkit.server.internal.DockerProbe;
import dev.dovetable.testkit.server.internal.DockerProbe.Answer;
import dev.dovetable.testkit.server.internal.DockerProbe.State;
import dev.dovetable.testkit.server.internal.Jvm;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** A server in a container. The only class that needs Testcontainers on the class path. */
final class ContainerBackend implements Backend {

  private static final Logger log = LoggerFactory.getLogger(ContainerBackend.class);
  private static final String SUPERUSER = "postgres";

  /** On each container, the JVM that started it. */
  static final String LABEL = "dev.dovetable.testkit.jvm";

  /** Apart from the places where images of one version or another expect a volume. */
  private static final String DATA = "/var/lib/crm-testkit";

  /** What this version of Testcontainers starts beside the first container. */
  private static final String RYUK_IMAGE = "testcontainers/ryuk:0.14.0";

  /** What it asks for the address of the engine when it runs in a container itself. */
  private static final String TINY_IMAGE = "alpine:3.17";

  private static final long SHARED_MEMORY = 256L << 20;

  private final PostgreSQLContainer container;

  private ContainerBackend(PostgreSQLContainer container) {
    this.container = container;
  }

  /** Whether a container could start now, without any image having to be pulled before. */
  static Answer probe(String image) {
    List<String> images = new ArrayList<>(helpers());
    images.add(0, substituted(image));
    return new DockerProbe().ask(images);
  }

  /** The images that Testcontainers wants beside the server's. */
  private static List<String> helpers() {
    List<String> images = new ArrayList<>();
    if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
      images.add(substituted(RYUK_IMAGE));
    }
    if (Files.exists(Path.of("/.dockerenv"))
        && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
      images.add(substituted(TINY_IMAGE));
    }
    return images;
  }

  private static String substituted(String image) {
    return ImageNameSubstitutor.instance()
        .apply(DockerImageName.parse(image))
        .asCanonicalNameString();
  }

  @SuppressWarnings("resource") // The backend closes the container.
  static ContainerBackend start(String image, Map<String, String> settings, int port) {
    DockerProbe docker = new DockerProbe();
    Answer answer = docker.ask(List.of());
    if (answer.state() == State.ABSENT) {
      throw new PostgresServerException(
          "The source testcontainers needs a Docker engine, but %s. Start one, or choose another source with crm.testkit.source."
              .formatted(answer.reason()));
    }
    pullHelpers(docker);
    try {
      removeLeftBehind();
      pull(substituted(image));
      PostgreSQLContainer container =
          new PostgreSQLContainer(
                  DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
              .withUsername(SUPERUSER)
              .withDatabaseName(SUPERUSER)
              .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
              .withEnv("PGDATA", DATA)
              .withTmpFs(Map.of(DATA, "rw"))
              .withSharedMemorySize(SHARED_MEMORY)
              .withLabel(LABEL, Jvm.current().toString())
              .withCommand(command(settings))
              .withCreateContainerCmdModifier(command -> bind(command, port));
      container.start();
      return new ContainerBackend(container);
    } catch (RuntimeException e) {
      throw StartFailure.container(image, e);
    }
  }

  /** Testcontainers itself would go on trying for minutes whatever the registry answers. */
  private static void pull(String image) {
    DockerClient docker = DockerClientFactory.instance().client();
    try {
      docker.inspectImageCmd(image).exec();
      return;
    } catch (NotFoundException e) {
      log.info("Pulling {}", image);
    }
    try {
      docker.pullImageCmd(image).start().awaitCompletion();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresServerException("Interrupted while pulling " + image, e);
    }
  }

  /** Likewise for what Testcontainers wants before it does anything. */
  private static void pullHelpers(DockerProbe docker) {
    for (String image : helpers()) {
      if (docker.ask(List.of(image)).state() != State.ABSENT) {
        continue;
      }
      log.info("Pulling {}, which Testcontainers needs", image);
      docker
          .pull(image)
          .ifPresent(
              failure -> {
                throw new PostgresServerException(
                    ("Testcontainers needs the image %s, and it can't be pulled: %s%n"
                            + "Pull it by hand (docker pull %s), or do without it by the environment"
                            + " variable %s.")
                        .formatted(
                            image,
                            failure,
                            image,
                            image.contains("ryuk")
                                ? "TESTCONTAINERS_RYUK_DISABLED=true"
                                : "TESTCONTAINERS_HOST_OVERRIDE=<the engine's host>"));
              });
    }
  }

  private static String[] command(Map<String, String> settings) {
    return Stream.concat(
            Stream.of("postgres", "-c", "fsync=off"),
            settings.entrySet().stream()
                .flatMap(setting -> Stream.of("-c", setting.getKey() + "=" + setting.getValue())))
        .toArray(String[]::new);
  }

  /** The server trusts everybody, so where the engine is on this machine nobody else may come. */
  private static void bind(CreateContainerCmd command, int port) {
    HostConfig host = Optional.ofNullable(command.getHostConfig()).orElseGet(HostConfig::new);
    String address = engineIsHere() ? "127.0.0.1:" : "";
    host.withPortBindings(
        PortBinding.parse(
            address
                + (port == 0 ? (address.isEmpty() ? "" : ":") : port + ":")
                + PostgreSQLContainer.POSTGRESQL_PORT));
    command.withHostConfig(host);
  }

  private static boolean engineIsHere() {
    try {
      return InetAddress.getByName(DockerClientFactory.instance().dockerHostIpAddress())
          .isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Also where Testcontainers' own reaper, ryuk, does not run. */
  private static void removeLeftBehind() {
    DockerClient docker = DockerClientFactory.instance().client();
    for (Container container :
        docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(LABEL)).exec()) {
      if (Jvm.parse(container.getLabels().getOrDefault(LABEL, ""))
          .filter(Jvm::isDead)
          .isPresent()) {
        try {
          docker
              .removeContainerCmd(container.getId())
              .withForce(true)
              .withRemoveVolumes(true)
              .exec();
          log.info("Removed the container {} that a killed JVM left behind", container.getId());
        } catch (DockerException e) {
          // Another JVM, or ryuk, may be at the same work.
          log.debug("The container {} can't be removed", container.getId(), e);
        }
      }
    }
  }

  @Override
  public Source source() {
    return Source.TESTCONTAINERS;
  }

  @Override
  public String administrator() {
    return SUPERUSER;
  }

  @Override
  public void address(PGSimpleDataSource dataSource, String database, String role) {
    dataSource.setServerNames(new String[] {container.getHost()});
    dataSource.setPortNumbers(
        new int[] {container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT)});
    dataSource.setDatabaseName(database);
    dataSource.setUser(role);
  }

  @Override
  public boolean isForeign() {
    return false;
  }

  @Override
  public void close() {
    container.stop();
  }
}
