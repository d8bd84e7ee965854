package dev.dovetable.testkit.server;

import dev.dovetable.testkit.server.PostgresServer.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with a server and a database, which then waits to be killed. */
final class Child implements AutoCloseable {

  private final Process process;
  private final String database;
  private final String login;
  private final String data;
  private final String jdbcUrl;

  private Child(Process process, List<String> lines) {
    this.process = process;
    this.database = lines.get(0);
    this.login = lines.get(1);
    this.data = lines.get(2);
    this.jdbcUrl = lines.get(3);
  }

  /** What the child does: its server is chosen by system properties alone. */
  public static void main(String[] args) throws Exception {
    PostgresDatabase database = PostgresServer.shared().createDatabase();
    System.out.println("> " + database.name());
    System.out.println("> " + database.createLogin("visitor"));
    boolean foreign = database.server().source() == Source.EXTERNAL;
    String directory = foreign ? "select 'not ours to see'" : "show data_directory";
    System.out.println("> " + Query.column(database.dataSource(), directory).get(0));
    System.out.println("> " + database.jdbcUrl());
    System.in.read();
  }

  static Child start(Source source, String... properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("-Dcrm.testkit.source=" + Choice.name(source));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(List.of(properties));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine();
        line != null && lines.size() < 4;
        line = lines.size() < 4 ? output.readLine() : null) {
      if (line.startsWith("> ")) {
        lines.add(line.substring(2));
      }
    }
    if (lines.size() < 4) {
      process.destroyForcibly();
      throw new IOException("The other JVM ended early, after " + lines);
    }
    return new Child(process, lines);
  }

  String database() {
    return database;
  }

  String login() {
    return login;
  }

  String data() {
    return data;
  }

  String jdbcUrl() {
    return jdbcUrl;
  }

  /** As {@code kill -9} does: no hook of its runs. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end by itself. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }
}
