package io.ratelimit.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the files of a release, of all modules, as the profile {@code release} builds
 * them. This module is built after the others.
 */
class PublishedIT {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	/** Groups whose versions an application chooses. */
	private static final List<String> OF_THE_APPLICATION = List.of("org.springframework", "io.lettuce",
			"io.micrometer");

	private static final XPath XPATH = XPathFactory.newInstance().newXPath();

	enum Library {

		CORE("core", "ratelimit-core", "io.ratelimit"),

		REDIS("redis", "ratelimit-redis", "io.ratelimit.redis"),

		ASPECTS("aspects", "ratelimit-aspects", "io.ratelimit.aspectj"),

		AUTOCONFIGURE("autoconfigure", "ratelimit-spring-boot-autoconfigure", "io.ratelimit.spring"),

		STARTER("starter", "ratelimit-spring-boot-starter", "io.ratelimit.spring.starter"),

		TCK("tck", "ratelimit-tck", "io.ratelimit.tck"),

		TEST("test", "ratelimit-spring-boot-test", "io.ratelimit.spring.test");

		final String folder;

		final String artifact;

		final String module;

		Library(String folder, String artifact, String module) {
			this.folder = folder;
			this.artifact = artifact;
			this.module = module;
		}

		Path file(String suffix) {
			return ROOT.resolve(this.folder)
				.resolve("target")
				.resolve(this.artifact + "-" + System.getProperty("project.version") + suffix);
		}

		Document pom() {
			return xml(ROOT.resolve(this.folder).resolve("target/.flattened-pom.xml"));
		}

	}

	@Test
	void everyPublishedModuleIsTestedHere() throws IOException {
		Set<String> published = new TreeSet<>();
		try (Stream<Path> folders = Files.list(ROOT)) {
			for (Path pom : (Iterable<Path>) folders.map((folder) -> folder.resolve("pom.xml"))
				.filter(Files::exists)::iterator) {
				if (texts(xml(pom), "/project/properties/unpublished").contains("false")) {
					published.add(pom.getParent().getFileName().toString());
				}
			}
		}
		Set<String> tested = new TreeSet<>(Set.of("bom"));
		for (Library library : Library.values()) {
			tested.add(library.folder);
		}
		assertThat(published).isEqualTo(tested);
	}

	@Test
	void jarsAreModulesThatShareNoPackage() {
		Path[] jars = Stream.of(Library.values()).map((library) -> library.file(".jar")).toArray(Path[]::new);
		List<String> names = new ArrayList<>();
		List<String> packages = new ArrayList<>();
		for (ModuleReference module : ModuleFinder.of(jars).findAll()) {
			names.add(module.descriptor().name());
			packages.addAll(module.descriptor().packages());
		}
		assertThat(names).containsExactlyInAnyOrderElementsOf(
				Stream.of(Library.values()).map((library) -> library.module).collect(Collectors.toList()));
		assertThat(packages).contains("io.ratelimit", "io.ratelimit.redis", "io.ratelimit.tck").doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@EnumSource
	void theManifestNamesTheModule(Library library) throws IOException {
		try (JarFile jar = new JarFile(library.file(".jar").toFile())) {
			assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
				.isEqualTo(library.module);
		}
	}

	@ParameterizedTest
	@EnumSource
	void everyJarHasTheLicenseAndReproducibleTimes(Library library) throws IOException {
		String timestamp = texts(xml(ROOT.resolve("pom.xml")), "/project/properties/project.build.outputTimestamp")
			.get(0);
		for (String suffix : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
			try (JarFile jar = new JarFile(library.file(suffix).toFile())) {
				JarEntry license = jar.getJarEntry("META-INF/LICENSE");
				assertThat(license).as(jar.getName()).isNotNull();
				assertThat(jar.getInputStream(license)).hasSameContentAs(Files.newInputStream(ROOT.resolve("LICENSE")));
				assertThat(jar.stream().map(JarEntry::getTimeLocal)).as(jar.getName())
					.containsOnly(LocalDateTime.parse(timestamp.replace("Z", "")));
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void everySourceFileIsInTheSources(Library library) throws IOException {
		assertThat(names(library.file("-sources.jar"), ".java")).isEqualTo(sources(library));
	}

	@ParameterizedTest
	@EnumSource
	void everyPublicTypeIsInTheJavadoc(Library library) throws IOException {
		Set<String> types = new TreeSet<>();
		for (String source : sources(library)) {
			String name = source.substring(source.lastIndexOf('/') + 1, source.length() - ".java".length());
			String text = Files.readString(ROOT.resolve(library.folder).resolve("src/main/java").resolve(source));
			if (text.lines().anyMatch((line) -> line.matches("public .*\\b" + name + "\\b.*"))) {
				types.add(source.replace(".java", ".html"));
			}
		}
		assertThat(names(library.file("-javadoc.jar"), ".html")).containsAll(types);
	}

	@ParameterizedTest
	@EnumSource
	void theComponentsThatComeAlongAreListed(Library library) throws IOException {
		String components = Files.readString(library.file("-cyclonedx.json"));
		assertThat(components).contains("\"bomFormat\" : \"CycloneDX\"", "pkg:maven/io.ratelimit/" + library.artifact);
		for (String group : OF_THE_APPLICATION) {
			assertThat(components).doesNotContain("pkg:maven/" + group);
		}
	}

	@ParameterizedTest
	@EnumSource
	void thePomHasTheElementsThatARepositoryRequires(Library library) {
		requiredElementsArePresent(library.pom());
	}

	@ParameterizedTest
	@EnumSource
	void thePomHasNoParentAndManagesNothing(Library library) {
		Document pom = library.pom();
		assertThat(texts(pom, "/project/parent | /project/dependencyManagement | /project/build | /project/profiles"))
			.isEmpty();
		assertThat(texts(pom, "//*[contains(text(), '${')]")).isEmpty();
		assertThat(texts(pom, "//dependency[not(version)]")).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void theVersionsThatAnApplicationChoosesStayItsOwn(Library library) {
		assertThat(texts(library.pom(),
				"/project/dependencies/dependency[not(optional = 'true') and not(scope = 'provided')]/groupId"))
			.noneMatch((group) -> OF_THE_APPLICATION.stream().anyMatch(group::startsWith));
	}

	@Test
	void theBomManagesThePublishedModulesAndNothingElse() {
		Document bom = xml(ROOT.resolve("bom/target/.flattened-pom.xml"));
		requiredElementsArePresent(bom);
		assertThat(texts(bom, "/project/parent | /project/properties/*")).isEmpty();
		assertThat(texts(bom, "/project/dependencyManagement/dependencies/dependency/artifactId"))
			.containsExactlyInAnyOrderElementsOf(
					Stream.of(Library.values()).map((library) -> library.artifact).collect(Collectors.toList()));
		assertThat(texts(bom, "/project/dependencyManagement/dependencies/dependency/version"))
			.containsOnly("${project.version}");
	}

	private static void requiredElementsArePresent(Document pom) {
		for (String element : List.of("name", "description", "url", "licenses/license/name", "licenses/license/url",
				"developers/developer/name", "scm/connection", "scm/developerConnection", "scm/url")) {
			assertThat(texts(pom, "/project/" + element)).as(element).hasSize(1).doesNotContain("");
		}
		assertThat(texts(pom, "/project/scm/url")).isEqualTo(texts(pom, "/project/url"));
	}

	private static Set<String> sources(Library library) throws IOException {
		Path folder = ROOT.resolve(library.folder).resolve("src/main/java");
		if (!Files.exists(folder)) {
			return Set.of();
		}
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> folder.relativize(file).toString().replace('\\', '/'))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static Set<String> names(Path file, String ending) throws IOException {
		try (JarFile jar = new JarFile(file.toFile())) {
			return jar.stream()
				.map(JarEntry::getName)
				.filter((name) -> name.endsWith(ending))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static Document xml(Path file) {
		try {
			return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (Exception ex) {
			throw new IllegalStateException(file.toString(), ex);
		}
	}

	private static List<String> texts(Document document, String path) {
		try {
			NodeList nodes = (NodeList) XPATH.evaluate(path, document, XPathConstants.NODESET);
			List<String> texts = new ArrayList<>();
			for (int i = 0; i < nodes.getLength(); i++) {
				texts.add(nodes.item(i).getTextContent().strip());
			}
			return texts;
		}
		catch (Exception ex) {
			throw new IllegalStateException(path, ex);
		}
	}

}
