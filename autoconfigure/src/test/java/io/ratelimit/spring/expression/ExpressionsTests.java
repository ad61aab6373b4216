package io.ratelimit.spring.expression;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.expression.EvaluationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ExpressionsTests {

	private static final List<String> NAMES = List.of("request", "principal", "ip", "path", "person");

	private static final List<Class<?>> TYPES = List.of(HttpServletRequest.class, Principal.class, String.class,
			Map.class, Person.class);

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final Expressions expressions = new Expressions(this.beans);

	@Test
	void singleVariableIsTheValueAtItsIndex() {
		CompiledExpression expression = this.expressions.compile(" #b ", List.of("a", "b"));
		assertThat(expression.evaluate(1, "two")).isEqualTo("two");
		assertThat(expression.variables()).containsExactly("b");
		assertThat(expression.text()).isEqualTo(" #b ");
	}

	@Test
	void propertiesOfRecordsBeansAndMapsAreRead() {
		List<String> names = List.of("it");
		assertThat(this.expressions.compile("#it.name", names).evaluate(new Person("Ann", 3))).isEqualTo("Ann");
		assertThat(this.expressions.compile("#it.priority", names).evaluate(new Thread())).isEqualTo(5);
		assertThat(this.expressions.compile("#it['x']", names).evaluate(Map.of("x", 1))).isEqualTo(1);
		assertThat(this.expressions.compile("#it[x]", names).evaluate(Map.of("x", 1))).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { "#request.getHeadr('X') | HttpServletRequest has no method 'getHeadr'",
					"#request.getHeader() | getHeader of HttpServletRequest does not take 0 arguments",
					"#request.getHeader('A', 'B') | getHeader of HttpServletRequest does not take 2 arguments",
					"#request.remoteAddress | HttpServletRequest has no property 'remoteAddress'",
					"#ip + #request.metod | HttpServletRequest has no property 'metod'",
					"#request.method.lenght() | String has no method 'lenght'",
					"#request.getHeader('A')?.uppercase | String has no property 'uppercase'",
					"#request.session.identity | HttpSession has no property 'identity'",
					"#ip.octets | String has no property 'octets'",
					"#path.tenant | an entry of a map is written in brackets: ['tenant']",
					"#person.nam | Person has no property 'nam'",
					"#request.getParameter(#request.foo) | HttpServletRequest has no property 'foo'" })
	void aMemberThatATypeDoesNotHaveIsRefused(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile(text, NAMES, TYPES))
			.withMessage("'%s' cannot be evaluated: %s", text, reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "#request.getHeader('X').toLowerCase()", "#request.method", "#request.remoteAddr.length()",
			"#request.secure", "#request.session.id", "#request.userPrincipal.claims['sub']", "#principal.name",
			"#principal.token.claims", "#ip.bytes.length", "#path['tenant']", "#path.size()", "#path.empty",
			"#person.name.bytes", "#request.getAttribute('x').anything.at(1)", "#request.contentLengthLong / 2",
			"#request.class.name", "#request.parameterMap['a'][0]", "#request.hashCode()", "#ip.isEmpty()",
			"#ip.formatted(1, 2, 3)", "#ip.format('%s %s', 1, 2)", "#request.cookies.?[name == 'a'].length" })
	void aMemberThatATypeMayHaveIsNotRefused(String text) {
		assertThat(this.expressions.compile(text, NAMES, TYPES).text()).isEqualTo(text);
	}

	@Test
	void variablesAreThoseInUse() {
		CompiledExpression expression = this.expressions.compile("#a.name + ':' + #c", List.of("a", "b", "c"));
		assertThat(expression.variables()).containsExactlyInAnyOrder("a", "c");
		assertThat(expression.evaluate(new Person("Ann", 3), "b", "c")).isEqualTo("Ann:c");
	}

	@Test
	void elementsOfSelectionsAndProjectionsAreNoUnknownVariables() {
		List<Person> people = List.of(new Person("Ann", 3), new Person("Bob", 5));
		assertThat(this.expressions.compile("#all.?[#this.age > #min].![name.concat(name)]", List.of("all", "min"))
			.evaluate(people, 4)).isEqualTo(List.of("BobBob"));
	}

	@Test
	void typesAndBeansCanBeUsed() {
		this.beans.registerSingleton("tenants", new Tenants());
		this.beans.registerSingleton("a.b", new Tenants());
		assertThat(this.expressions.compile("T(java.lang.Math).max(#a, 7)", List.of("a")).evaluate(3)).isEqualTo(7);
		assertThat(this.expressions.compile("@tenants.of(#a)", List.of("a")).evaluate("x")).isEqualTo("tenant-x");
		assertThat(this.expressions.compile("@'a.b'.of(#a)", List.of("a")).evaluate("x")).isEqualTo("tenant-x");
	}

	@Test
	void sameResultOnceCompiledAndWhenTheTypeOfAnArgumentChanges() {
		CompiledExpression expression = this.expressions.compile("#it.toString().length()", List.of("it"));
		for (int i = 0; i < 500; i++) {
			assertThat(expression.evaluate("four")).isEqualTo(4);
		}
		assertThat(expression.evaluate(12345)).isEqualTo(5);
		assertThat(expression.evaluate("six666")).isEqualTo(6);
	}

	@Test
	void unknownVariableIsRefusedAndTheKnownOnesAreListed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile("#c.name", List.of("a", "b")))
			.withMessage("'#c.name' cannot be evaluated: there is no #c: known are [#a, #b]");
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile("#c", List.of("a")))
			.withMessageContaining("there is no #c");
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile("#f(1)", List.of("a")))
			.withMessageContaining("there is no #f");
	}

	@Test
	void unknownBeanIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile("@gone.x", List.of()))
			.withMessage("'@gone.x' cannot be evaluated: there is no bean 'gone'");
		assertThatIllegalArgumentException().isThrownBy(() -> new Expressions(null).compile("@gone.x", List.of()))
			.withMessageContaining("there is no bean 'gone'");
	}

	@Test
	void textThatDoesNotParseIsRefusedAndQuoted() {
		for (String text : List.of("#a.", "", "#a +", "'open")) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile(text, List.of("a")))
				.withMessageStartingWith("'%s' is not an expression: ".formatted(text));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "1e", "1e+", "1e-", "#", "'", "T(", "{", "#a[", "#a.", "#a?.", "@", "@'", "!", "#a ?",
			"#a ? 1", "0x", "1L2", "#a[]", "new", "new int[", "#a.?[", "#a.![", "..", "\\", "\u0000", "#a++", "-", "%",
			"()", "1..2", "T()", "#a matches '['", "{:", "{1:", "#a.b(", "1ee", "1e1e", "#a instanceof", "between",
			"#a ?:" })
	void whatIsNoExpressionIsRefusedAndQuoted(String text) {
		try {
			this.expressions.compile(text, List.of("a"));
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageStartingWith("'" + text + "' ");
		}
	}

	@Test
	void whatTheParserOfSpringBreaksOffAtIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile("1e", List.of("a")))
			.withMessageStartingWith("'1e' is not an expression");
	}

	@Test
	void anExpressionThatIsTooLongOrTooDeepIsRefused() {
		String wide = "#a" + " + 1".repeat(200_000);
		String deep = "(".repeat(4000) + "1" + ")".repeat(4000);
		String chain = "#a" + ".b".repeat(4900);
		for (String text : List.of(wide, deep, chain)) {
			try {
				this.expressions.compile(text, List.of("a"));
			}
			catch (IllegalArgumentException ex) {
				assertThat(ex.getMessage()).hasSizeLessThan(500);
			}
		}
	}

	@Test
	void bareNameIsRefusedSinceItBelongsToNothing() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.expressions.compile("items.size()", List.of("items")))
			.withMessage("'items.size()' cannot be evaluated: 'items' belongs to nothing; start with a variable, "
					+ "as in #items");
		assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile("#a.plus(b)", List.of("a")))
			.withMessageContaining("'b' belongs to nothing");
	}

	@Test
	void assignmentIsRefused() {
		for (String text : List.of("#a = 1", "#a.name = 'x'", "#a++", "--#a")) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.expressions.compile(text, List.of("a")))
				.withMessageContaining("it assigns");
		}
	}

	@Test
	void whateverGoesWrongIsAnEvaluationException() {
		CompiledExpression missing = this.expressions.compile("#a.name", List.of("a"));
		assertThatExceptionOfType(EvaluationException.class).isThrownBy(() -> missing.evaluate(new Object[] { null }));
		CompiledExpression throwing = this.expressions.compile("#a.charAt(9)", List.of("a"));
		assertThatExceptionOfType(EvaluationException.class).isThrownBy(() -> throwing.evaluate("x"))
			.withCauseInstanceOf(StringIndexOutOfBoundsException.class);
	}

	record Person(String name, int age) {
	}

	public static class Tenants {

		public String of(String name) {
			return "tenant-" + name;
		}

	}

}
