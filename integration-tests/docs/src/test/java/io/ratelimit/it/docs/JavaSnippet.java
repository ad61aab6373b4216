package io.ratelimit.it.docs;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.springframework.util.ClassUtils;

/**
 * A snippet of Java, completed to a file: types as they are, methods as members of a
 * class, annotations each on a method, statements as the body of a method. Its imports
 * are its own, but for listings of types of ours.
 */
final class JavaSnippet {

	private static final String PACKAGE = JavaSnippet.class.getPackageName();

	/** What listings, which nobody copies, may name. */
	private static final String LISTING_IMPORTS = """
			import java.time.*;
			import java.util.*;
			import java.util.concurrent.*;
			import io.ratelimit.*;
			""";

	private static final Pattern IMPORT = Pattern.compile("^import .*;\\R+", Pattern.MULTILINE);

	private static final Pattern TYPE = Pattern.compile("^(?:public )?(?:class|interface|@interface) (\\w+)",
			Pattern.MULTILINE);

	/** The package of Spring MVC's slices as the documentation has it. */
	private static final String SLICES = "org.springframework.boot.webmvc.test.autoconfigure";

	/** The package of Spring MVC's slices on this line of Spring Boot. */
	private static final String SLICES_HERE = ClassUtils.isPresent(SLICES + ".WebMvcTest", null) ? SLICES
			: "org.springframework.boot.test.autoconfigure.web.servlet";

	private final String imports;

	private final String text;

	JavaSnippet(Snippet snippet) {
		String code = snippet.text().replace(SLICES, SLICES_HERE);
		String own = IMPORT.matcher(code).results().map(MatchResult::group).collect(Collectors.joining());
		this.imports = code.startsWith("public interface") ? LISTING_IMPORTS : own;
		this.text = IMPORT.matcher(code)
			.replaceAll("")
			.replace("{ ... }", "{ throw new UnsupportedOperationException(); }")
			.replaceAll("(?m)^\\s*\\.\\.\\.$", "");
	}

	/**
	 * Returns the names of the types that it declares.
	 */
	List<String> types() {
		return TYPE.matcher(this.text).results().map((result) -> result.group(1)).toList();
	}

	/**
	 * Returns the names of the classes that it makes, what completes it included.
	 */
	List<String> classes() {
		return types().isEmpty() ? List.of("OfPage") : types();
	}

	/**
	 * Compiles it.
	 * @param directory where the classes go
	 * @return a loader of those classes
	 * @throws AssertionError if it does not compile
	 */
	URLClassLoader compile(Path directory) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter messages = new StringWriter();
		List<String> options = List.of("-proc:none", "-parameters", "-d", directory.toString(), "-classpath",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		boolean compiled = compiler.getTask(messages, null, null, options, null, List.of(file())).call();
		if (!compiled) {
			throw new AssertionError(messages + "\n" + source());
		}
		return new URLClassLoader(new URL[] { directory.toUri().toURL() }, JavaSnippet.class.getClassLoader());
	}

	/**
	 * Loads one of its types.
	 */
	Class<?> load(String type, ClassLoader loader) throws ClassNotFoundException {
		return loader.loadClass(PACKAGE + "." + type);
	}

	private JavaFileObject file() {
		String source = source();
		return new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}

		};
	}

	private String source() {
		return "package %s;%n%s%n%s".formatted(PACKAGE, this.imports, body());
	}

	private String body() {
		if (!types().isEmpty()) {
			return this.text.replaceAll("(?m)^public ", "");
		}
		if (this.text.lines().allMatch((line) -> line.startsWith("@"))) {
			Matcher lines = Pattern.compile("(?m)^@.*$").matcher(this.text);
			return "class OfPage extends GivenNames {%n%s%n}".formatted(lines.replaceAll((line) -> Matcher
				.quoteReplacement("%s%nvoid m%s(User user, String userId, java.util.List<String> ids) { }"
					.formatted(line.group(), Integer.toString(line.start())))));
		}
		if (this.text.startsWith("@")) {
			return "class OfPage extends GivenNames {%n%s%n}".formatted(this.text);
		}
		return "class OfPage extends GivenNames {%nvoid run() {%n%s%n}%n}".formatted(this.text);
	}

}
