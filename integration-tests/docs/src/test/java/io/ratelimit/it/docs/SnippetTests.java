package io.ratelimit.it.docs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import io.ratelimit.Limit;
import io.ratelimit.Mode;
import io.ratelimit.Policy;
import io.ratelimit.RateLimits;
import io.ratelimit.spring.request.KeyResolver;
import io.ratelimit.testing.RedisServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Java of the documentation compiles, an application starts with its YAML, and its
 * dependencies are those that there are.
 */
class SnippetTests {

	private static final Pattern POLICY = Pattern.compile("ratelimit\\.policies\\.([\\w-]+).*");

	@AutoClose
	private static final RedisServer redis = RedisServer.start();

	@TempDir
	private Path directory;

	static Stream<Snippet> java() {
		return Snippet.in("java");
	}

	@ParameterizedTest
	@MethodSource("java")
	void javaCompiles(Snippet snippet) throws Exception {
		JavaSnippet code = new JavaSnippet(snippet);
		try (URLClassLoader loader = code.compile(this.directory)) {
			for (String name : code.types()) {
				assertThat(undeclared(code.load(name, loader))).isEmpty();
			}
		}
	}

	/**
	 * Returns what a listing of a type of ours shows and the type does not have.
	 */
	private static List<String> undeclared(Class<?> listing) {
		try {
			Class<?> type = Class.forName("io.ratelimit." + listing.getSimpleName());
			Set<String> declared = signatures(type).collect(Collectors.toSet());
			return signatures(listing).filter((signature) -> !declared.contains(signature)).toList();
		}
		catch (ClassNotFoundException ex) {
			return List.of();
		}
	}

	private static Stream<String> signatures(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> !method.isSynthetic())
			.map(SnippetTests::signature);
	}

	private static String signature(Method method) {
		String parameters = Arrays.stream(method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return "%s %s(%s)%s".formatted(method.getReturnType().getSimpleName(), method.getName(), parameters,
				method.isDefault() ? " by default" : "");
	}

	static Stream<Snippet> yaml() {
		return Snippet.in("yaml");
	}

	@ParameterizedTest
	@MethodSource("yaml")
	void anApplicationStartsWithYaml(Snippet snippet) throws IOException {
		Path file = Files.writeString(this.directory.resolve("snippet.yaml"), snippet.text());
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class).run("--server.port=0",
				"--spring.main.banner-mode=off", "--logging.level.root=warn", "--spring.data.redis.host=127.0.0.1",
				"--spring.data.redis.port=" + redis.port(), "--spring.config.additional-location=" + file.toUri())) {
			assertThat(context.getBean(RateLimits.class).policies().keySet()).containsAll(policies(snippet.text()));
		}
	}

	@Test
	void anApplicationStartsWithVariables() {
		Map<String, Object> variables = new HashMap<>();
		Snippet.under("environment-variables.md", "Environment variables", "").text().lines().forEach((line) -> {
			String[] variable = line.split("=", 2);
			variables.put(variable[0], variable[1].replace("'", ""));
		});
		assertThat(variables.remove("RATELIMIT_ENABLED")).isEqualTo("false");
		StandardEnvironment environment = new StandardEnvironment() {

			@Override
			protected void customizePropertySources(MutablePropertySources sources) {
				sources
					.addLast(new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
			}

		};
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class).environment(environment)
			.run("--server.port=0", "--spring.main.banner-mode=off", "--logging.level.root=warn",
					"--spring.data.redis.host=127.0.0.1", "--spring.data.redis.port=" + redis.port(),
					"--spring.application.json=" + json())) {
			Map<String, Policy> policies = context.getBean(RateLimits.class).policies();
			assertThat(policies.get("api").limits()).containsExactly(Limit.valueOf("200/1m"));
			assertThat(policies.get("login").mode()).isEqualTo(Mode.SHADOW);
			assertThat(policies.get("my.api").limits()).containsExactly(Limit.valueOf("200/1m"));
		}
	}

	/**
	 * Returns what stands in a variable for names that no variable can have, and what a
	 * file has of another policy.
	 */
	private static String json() {
		String text = Snippet.under("environment-variables.md", "Names that no variable can have", "").text();
		String json = text.substring(text.indexOf('\'') + 1, text.lastIndexOf('\''));
		return json.replace("{\"[my.api]\"", "{\"login\": \"5/15m\", \"[my.api]\"");
	}

	private static Set<String> policies(String yaml) throws IOException {
		EnumerablePropertySource<?> source = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load("snippet", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.get(0);
		return Arrays.stream(source.getPropertyNames())
			.map(POLICY::matcher)
			.filter((matcher) -> matcher.matches())
			.map((matcher) -> matcher.group(1))
			.collect(Collectors.toSet());
	}

	static Stream<Snippet> xml() {
		return Snippet.in("xml");
	}

	@ParameterizedTest
	@MethodSource("xml")
	void dependenciesExist(Snippet snippet) throws Exception {
		String version = text(parse(Files.readString(Snippet.ROOT.resolve("starter/pom.xml"))), "version");
		NodeList dependencies = parse("<all>%s</all>".formatted(snippet.text())).getElementsByTagName("dependency");
		assertThat(dependencies.getLength()).isPositive();
		for (int i = 0; i < dependencies.getLength(); i++) {
			Element dependency = (Element) dependencies.item(i);
			boolean ours = text(dependency, "groupId").equals("io.ratelimit");
			assertThat(text(dependency, "version")).isEqualTo(ours ? version : "");
			if (ours) {
				assertThat(artifacts()).contains(text(dependency, "artifactId"));
			}
		}
	}

	private static List<String> artifacts() throws Exception {
		try (Stream<Path> modules = Files.list(Snippet.ROOT)) {
			List<Path> poms = modules.map((module) -> module.resolve("pom.xml")).filter(Files::exists).toList();
			List<String> artifacts = new ArrayList<>();
			for (Path pom : poms) {
				Element project = parse(Files.readString(pom));
				IntStream.range(0, project.getChildNodes().getLength())
					.mapToObj((i) -> project.getChildNodes().item(i))
					.filter((node) -> node.getNodeName().equals("artifactId"))
					.forEach((node) -> artifacts.add(node.getTextContent()));
			}
			return artifacts;
		}
	}

	private static Element parse(String xml) throws Exception {
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
			.getDocumentElement();
	}

	/**
	 * Returns the text of the first element of a name, or nothing.
	 */
	private static String text(Element element, String name) {
		NodeList found = element.getElementsByTagName(name);
		return (found.getLength() > 0) ? found.item(0).getTextContent() : "";
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Shop {

		/**
		 * What a snippet of YAML names, and a snippet of Java beside it shows.
		 */
		@Bean
		KeyResolver country() {
			return (request) -> request.header("CF-IPCountry");
		}

	}

}
