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

	private static final String CLASS_PATH = System.getProperty("java.class.path");

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
		String classes = directory.resolve("classes").toString();
		Path sources = directory.resolve("sources");
		Path output = Files.createDirectories(directory).resolve("processing.log");
		Process processor = java(output,
				Stream.of("-cp", CLASS_PATH, SpringApplicationAotProcessor.class.getName(),
						ShopApplication.class.getName(), sources.toString(), classes, classes, "io.ratelimit", "shop"),
				properties);
		try {
			assertThat(processor.waitFor(60, TimeUnit.SECONDS)).as(Files.readString(output)).isTrue();
		}
		finally {
			processor.destroyForcibly();
		}
		assertThat(processor.exitValue()).as(Files.readString(output)).isZero();
		compile(sources, classes);
		return new Processed(directory);
	}

	/**
	 * Starts the application.
	 * @param properties what it knows now
	 */
	Running start(String... properties) throws IOException {
		return start(Stream.of(), properties);
	}

	/**
	 * Starts the application with its classes woven when they are loaded.
	 * @param properties what it knows now
	 */
	Running startWoven(String... properties) throws IOException {
		String weaver = Stream.of(CLASS_PATH.split(File.pathSeparator))
			.filter((entry) -> entry.contains("aspectjweaver"))
			.findFirst()
			.orElseThrow();
		return start(Stream.of("-javaagent:" + weaver), properties);
	}

	private Running start(Stream<String> options, String... properties) throws IOException {
		Path output = Files.createTempFile(this.directory, "running", ".log");
		return new Running(java(output,
				Stream.concat(options,
						Stream.of("-Dspring.aot.enabled=true", "-cp",
								this.directory.resolve("classes") + File.pathSeparator + CLASS_PATH,
								ShopApplication.class.getName(), "--server.port=0", "--spring.main.banner-mode=off")),
				properties), output);
	}

	private static Process java(Path output, Stream<String> arguments, String... properties) throws IOException {
		Stream<String> java = Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		Stream<String> set = Stream.of(properties).map((property) -> "--" + property);
		return new ProcessBuilder(Stream.of(java, arguments, set).flatMap((part) -> part).toList())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
	}

	private static void compile(Path sources, String classes) throws IOException {
		List<String> arguments = new ArrayList<>(
				List.of("-nowarn", "-proc:none", "-d", classes, "-cp", classes + File.pathSeparator + CLASS_PATH));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
	}

}
