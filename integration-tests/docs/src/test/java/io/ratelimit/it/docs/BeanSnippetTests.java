package io.ratelimit.it.docs;

import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application starts with the beans that a page of the documentation shows, and the
 * YAML beside them.
 */
class BeanSnippetTests {

	@AutoClose
	private static final RedisServer redis = RedisServer.start();

	@TempDir
	private Path directory;

	static Stream<Snippet> beans() {
		return Snippet.in("java")
			.filter((snippet) -> snippet.text().contains("import org.springframework.context.annotation.Bean;")
					|| snippet.text().contains("import org.springframework.stereotype.")
					|| snippet.text().contains("RestController;"));
	}

	@ParameterizedTest
	@MethodSource("beans")
	void anApplicationStartsWithThem(Snippet snippet) throws Exception {
		JavaSnippet code = new JavaSnippet(snippet);
		try (URLClassLoader loader = code.compile(this.directory)) {
			Map<Boolean, List<Class<?>>> types = types(code, loader);
			List<Class<?>> beans = types.get(true);
			assertThat(beans).as("%s", snippet).isNotEmpty();
			Class<?>[] all = Stream.concat(Stream.of(Shop.class), beans.stream()).toArray(Class<?>[]::new);
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(all)
				.resourceLoader(new DefaultResourceLoader(loader))
				.initializers((starting) -> types.get(false).forEach((type) -> addMock(type, starting)))
				.run("--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=warn",
						"--spring.data.redis.host=127.0.0.1", "--spring.data.redis.port=" + redis.port(),
						"--spring.config.additional-location=" + yaml(snippet).toUri())) {
				beans.forEach((type) -> assertThat(context.getBean(type)).isNotNull());
			}
		}
	}

	/**
	 * Returns the types of a snippet, by whether they are or make beans.
	 */
	private static Map<Boolean, List<Class<?>>> types(JavaSnippet code, ClassLoader loader)
			throws ClassNotFoundException {
		List<Class<?>> types = new ArrayList<>();
		for (String name : code.classes()) {
			types.add(code.load(name, loader));
		}
		return types.stream()
			.collect(Collectors.partitioningBy((type) -> MergedAnnotations.from(type).isPresent(Component.class)
					|| Arrays.stream(type.getDeclaredMethods())
						.anyMatch((method) -> method.isAnnotationPresent(Bean.class))));
	}

	/**
	 * Adds a bean in the place of one that a page names and does not show.
	 */
	private static <T> void addMock(Class<T> type, ConfigurableApplicationContext context) {
		context.getBeanFactory().registerSingleton(type.getName(), Mockito.mock(type));
	}

	/**
	 * Returns a file of what stands in YAML under the same heading.
	 */
	private Path yaml(Snippet snippet) throws IOException {
		String page = snippet.place().substring(0, snippet.place().lastIndexOf(':'));
		List<String> beside = Snippet.in("yaml")
			.filter((yaml) -> yaml.place().startsWith(page + ":") && yaml.heading().equals(snippet.heading()))
			.map(Snippet::text)
			.toList();
		if (beside.isEmpty()) {
			beside = List.of("ratelimit.policies.exports: 5/1m");
		}
		return Files.writeString(this.directory.resolve("beside.yaml"),
				beside.stream().collect(Collectors.joining("---\n")));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Shop {

		@Bean
		GivenNames.Customers customers() {
			return (key) -> true;
		}

		@Bean
		TenantRepository tenants() {
			return () -> "100/1m";
		}

	}

}
