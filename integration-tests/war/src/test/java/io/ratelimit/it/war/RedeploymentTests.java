package io.ratelimit.it.war;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application of a class loader of its own, deployed again and again by one Tomcat.
 */
class RedeploymentTests {

	private static final int DEPLOYMENTS = 8;

	/** The first and the last, which do not grow in number: caches hold on to them. */
	private static final int KEPT = 2;

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	@Test
	void anApplicationThatIsDeployedAgainLeavesNothingBehind() throws Exception {
		Path application = exploded();
		Leaks leaks = new Leaks();
		Tomcat tomcat = new Tomcat();
		tomcat.setBaseDir(Files.createDirectory(this.directory.resolve("tomcat")).toString());
		tomcat.setPort(0);
		tomcat.getConnector();
		// the thread of Tomcat's background work would be reported as the application's
		tomcat.getEngine().setBackgroundProcessorDelay(-1);
		tomcat.start();
		leaks.listen();
		List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
		try {
			for (int i = 0; i < DEPLOYMENTS; i++) {
				loaders.add(deploy(tomcat, application));
			}
		}
		finally {
			tomcat.stop();
			tomcat.destroy();
			leaks.close();
		}
		assertThat(leaks.reports()).isEmpty();
		assertThat(threadsOf(loaders)).isEmpty();
		assertThat(collected(loaders)).as("class loaders that are collected")
			.isGreaterThanOrEqualTo(DEPLOYMENTS - KEPT);
	}

	private WeakReference<ClassLoader> deploy(Tomcat tomcat, Path application) throws Exception {
		Context context = tomcat.addWebapp("/app", application.toString());
		assertThat(context.getState().isAvailable()).isTrue();
		int port = tomcat.getConnector().getLocalPort();
		assertThat(status(port, "/app/api/hello")).isEqualTo(200);
		assertThat(status(port, "/app/api/hello")).isEqualTo(429);
		for (int i = 0; i < 3; i++) {
			assertThat(status(port, "/app/paced")).isEqualTo(200);
		}
		WeakReference<ClassLoader> loader = new WeakReference<>(context.getLoader().getClassLoader());
		tomcat.getHost().removeChild(context);
		return loader;
	}

	private int status(int port, String path) throws IOException, InterruptedException {
		return this.client
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
					HttpResponse.BodyHandlers.discarding())
			.statusCode();
	}

	/**
	 * Returns the threads that keep one of some class loaders.
	 */
	private static List<String> threadsOf(List<WeakReference<ClassLoader>> loaders) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> loaders.stream()
				.map(WeakReference::get)
				.anyMatch((loader) -> loader != null && loader == thread.getContextClassLoader()))
			.map(Thread::getName)
			.toList();
	}

	/**
	 * Returns how many class loaders are collected, some time given.
	 */
	private static long collected(List<WeakReference<ClassLoader>> loaders) throws InterruptedException {
		long collected = 0;
		for (int i = 0; i < 60 && collected < loaders.size() - KEPT; i++) {
			System.gc();
			Thread.sleep(250);
			collected = loaders.stream().filter((loader) -> loader.refersTo(null)).count();
		}
		return collected;
	}

	/**
	 * Makes an exploded web application of the libraries of this test, without those of
	 * the container and of the test itself.
	 */
	private Path exploded() throws IOException {
		Path application = this.directory.resolve("app");
		Path libraries = Files.createDirectories(application.resolve("WEB-INF/lib"));
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		int number = 0;
		for (String element : classPath.split(File.pathSeparator, -1)) {
			Path path = Path.of(element);
			number++;
			if (Files.isDirectory(path)) {
				jar(path, libraries.resolve(number + ".jar"));
			}
			else if (Files.exists(path)
					&& !path.toString().matches(".*(tomcat-embed|junit|assertj|surefire|opentest4j|apiguardian).*")) {
				Files.copy(path, libraries.resolve(number + "-" + path.getFileName()));
			}
		}
		return application;
	}

	private static void jar(Path classes, Path target) throws IOException {
		try (OutputStream file = Files.newOutputStream(target);
				JarOutputStream jar = new JarOutputStream(file);
				Stream<Path> files = Files.walk(classes)) {
			for (Path each : files.filter(Files::isRegularFile).toList()) {
				jar.putNextEntry(new JarEntry(classes.relativize(each).toString().replace(File.separatorChar, '/')));
				Files.copy(each, jar);
				jar.closeEntry();
			}
		}
	}

	/**
	 * What Tomcat reports of applications that it cannot unload.
	 */
	private static final class Leaks extends Handler {

		private final Logger logger = Logger.getLogger("org.apache.catalina.loader.WebappClassLoaderBase");

		private final Queue<String> reports = new ConcurrentLinkedQueue<>();

		void listen() {
			this.logger.addHandler(this);
		}

		@Override
		public void publish(LogRecord record) {
			if (record.getMessage().startsWith("The web application") && record.getMessage().contains("leak")) {
				this.reports.add(record.getMessage());
			}
		}

		List<String> reports() {
			return List.copyOf(this.reports);
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
			this.logger.removeHandler(this);
		}

	}

}
