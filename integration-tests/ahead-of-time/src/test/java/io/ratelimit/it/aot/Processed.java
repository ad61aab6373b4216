package io.ratelimit.it.aot;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is made of the application ahead of time: by the class that the plugins of Spring
 * Boot call, and the compiler.
 */
final class Processed {

	private final Path directory;

	private Processed(Path directory) {
		this.directory = directory;
	}

	/**
	 * Processes the application.
	 * @param directory where to keep what comes of it
	 * @param properties what the application knows then, each as {@code name=value}
	 */
	static Processed with(Path directory, String... properties) throws Exception {
		Path sources = directory.resolve("sources");
		Path classes = directory.resolve("classes");
		List<String> arguments = new ArrayList<>(List.of(ShopApplication.class.getName(), sources.toString(),
				classes.toString(), classes.toString(), "io.ratelimit", "shop"));
		arguments.addAll(asArguments(properties));
		Path output = directory.resolve("processing.log");
		Process processor = run(output, classPath(), SpringApplicationAotProcessor.class.getName(), arguments);
		assertThat(processor.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(processor.exitValue()).as(Files.readString(output)).isZero();
		compile(sources, classes);
		return new Processed(directory);
	}

	/**
	 * Starts the application.
	 * @param properties what it knows now
	 */
	Running start(String... properties) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off"));
		arguments.addAll(asArguments(properties));
		Path output = Files.createTempFile(this.directory, "running", ".log");
		return new Running(run(output, this.directory.resolve("classes") + File.pathSeparator + classPath(),
				ShopApplication.class.getName(), arguments), output);
	}

	private static void compile(Path sources, Path classes) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp",
				classes + File.pathSeparator + classPath()));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
	}

	private static Process run(Path output, String classPath, String type, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Dspring.aot.enabled=" + type.equals(ShopApplication.class.getName()), "-cp", classPath, type));
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
	}

	private static List<String> asArguments(String... properties) {
		return Stream.of(properties).map((property) -> "--" + property).toList();
	}

	private static String classPath() {
		return System.getProperty("java.class.path");
	}

}
