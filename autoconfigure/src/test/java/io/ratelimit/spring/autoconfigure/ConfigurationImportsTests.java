package io.ratelimit.spring.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names of hidden types, which no compiler checks.
 */
class ConfigurationImportsTests {

	private static final List<JavaClass> TYPES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.ratelimit.spring")
		.stream()
		.toList();

	@Test
	void everyConfigurationIsImportedExactlyOnce() throws IOException {
		List<String> imported = new ArrayList<>(management());
		for (String name : autoConfigurations()) {
			MergedAnnotations annotations = MergedAnnotations.from(ClassUtils.resolveClassName(name, null));
			imported.addAll(Arrays.asList(ConfigurationImports.names(annotations.get(ImportConfigurations.class))));
			annotations.stream(Import.class)
				.flatMap((each) -> Arrays.stream(each.getClassArray("value")))
				.map(Class::getName)
				.filter((each) -> !each.equals(ConfigurationImports.class.getName()))
				.forEach(imported::add);
		}
		assertThat(imported).containsExactlyInAnyOrderElementsOf(TYPES.stream()
			.filter((type) -> type.isMetaAnnotatedWith(Configuration.class)
					|| type.isAnnotatedWith(Configuration.class))
			.filter((type) -> !type.isAnnotatedWith(AutoConfiguration.class) && type.isTopLevelClass())
			.map(JavaClass::getName)
			.toList());
	}

	@Test
	void everyAutoConfigurationIsListed() throws IOException {
		assertThat(autoConfigurations()).containsExactlyInAnyOrderElementsOf(TYPES.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.toList());
	}

	@Test
	void everyTypeOfPropertiesIsKnown() {
		assertThat(PropertyTypes.NAMES).containsExactlyInAnyOrderElementsOf(TYPES.stream()
			.filter((type) -> type.isAnnotatedWith(ConfigurationProperties.class))
			.filter((type) -> type.getAnnotationOfType(ConfigurationProperties.class).value().equals("ratelimit"))
			.map(JavaClass::getName)
			.toList());
	}

	/**
	 * They are found by their names when the application starts.
	 */
	@Test
	void propertiesAreBeansOfTheNamesThatSpringBootGivesThem() {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(RateLimitAutoConfiguration.class, RateLimitWebAutoConfiguration.class))
			.run((context) -> assertThat(PropertyTypes.ALL)
				.allSatisfy((type) -> assertThat(context).getBean("ratelimit-" + type.getName()).isInstanceOf(type)));
	}

	private static List<String> management() throws IOException {
		return lines("org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration");
	}

	private static List<String> autoConfigurations() throws IOException {
		return lines(AutoConfiguration.class.getName());
	}

	private static List<String> lines(String name) throws IOException {
		try (Stream<String> lines = new ClassPathResource("META-INF/spring/" + name + ".imports")
			.getContentAsString(StandardCharsets.UTF_8)
			.lines()) {
			return lines.filter((line) -> line.startsWith("io.ratelimit.")).toList();
		}
	}

}
