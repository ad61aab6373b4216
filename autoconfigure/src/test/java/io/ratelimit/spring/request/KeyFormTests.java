package io.ratelimit.spring.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.NumberUtils;

import static org.assertj.core.api.Assertions.assertThat;

class KeyFormTests {

	@ParameterizedTest
	@ValueSource(strings = { "alice", "Alice", "ALICE", " alice\t", "\u00A0alice", "\uFF21\uFF2C\uFF29\uFF23\uFF25",
			"\uFF41lice", "al\u200Bice", "al\u00ADice" })
	void spellingsOfANameAreOne(String spelling) {
		assertThat(KeyForm.folded(spelling)).isEqualTo("alice");
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "007", "+7", "0x7", "0X07", "#7", " 7", "0 0 7", "\uFF17", "\u0667", "\u0660\u0667",
			"0x\u0667", "+007" })
	void spellingsOfANumberAreOne(String spelling) {
		assertThat(KeyForm.folded(spelling)).isEqualTo("7");
		assertThat(NumberUtils.parseNumber(spelling.strip(), Long.class)).as("as Spring reads it").isEqualTo(7);
	}

	@Test
	void leadingZerosNeverMakeAnotherNumber() {
		assertThat(KeyForm.folded("0".repeat(500) + "7")).isEqualTo("7");
		assertThat(KeyForm.folded("0x" + "0".repeat(500) + "7")).isEqualTo("7");
		assertThat(KeyForm.folded("-0")).isEqualTo("0");
		assertThat(KeyForm.folded("-007")).isEqualTo("-7");
		assertThat(KeyForm.folded("0x10")).isEqualTo("16");
		assertThat(KeyForm.folded("00")).isEqualTo("0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1000", "5\u001C", "1\u001C000", "0x\u001C3E8", "+1\u2028000", "1000.0", "1e3", "1000d",
			"10E+2", "0x+3e8", "-0x-3e8", "1000." })
	void noBlankAndNoFractionMakesAnotherNumber(String spelling) {
		assertThat(KeyForm.folded(spelling)).isEqualTo(spelling.startsWith("5") ? "5" : "1000");
	}

	@Test
	void cookiesAndFieldsHaveOneForm() {
		assertThat(KeyForm.cookie("%61b%63")).isEqualTo("abc");
		assertThat(KeyForm.cookie("%zz")).isEqualTo("%zz");
		assertThat(KeyForm.field("X-Account", "007")).isEqualTo(KeyForm.field("X-Account", "0x7")).isEqualTo("7");
		assertThat(KeyForm.field("X-Api-Key", "Abc")).isEqualTo("Abc");
	}

	@ParameterizedTest
	@ValueSource(strings = { "00000001-0001-0001-0001-000000000001", "1-1-1-1-1", "00000001-0001-0001-0001-00000000001",
			"0001-1-1-1-1", "1-+1-1-1-1", "1-1-1-1-1\u0001" })
	void spellingsOfAUuidAreOne(String spelling) {
		assertThat(KeyForm.folded(spelling)).isEqualTo("00000001-0001-0001-0001-000000000001");
	}

	@ParameterizedTest
	@CsvSource({ "Stra\u00DFe, STRASSE", "\u03A3\u03C3\u03C2, \u03C3\u03C3\u03C3", "caf\u00E9, cafe\u0301" })
	void lettersThatAreOneInUpperCaseAreOne(String one, String other) {
		assertThat(KeyForm.folded(one)).isEqualTo(KeyForm.folded(other));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "cafe", "bob-1", "a-b", "x", "+", "-", "#", "0x", "1.5", "face-off", "1.2.3",
			"e7", "@b" })
	void whatIsWrittenInOneWayOnlyStaysAsItIs(String value) {
		assertThat(KeyForm.folded(value)).isEqualTo(value);
	}

	@Test
	void foldingTwiceIsFoldingOnce() {
		for (int character = 0; character < 0x3000; character++) {
			String folded = KeyForm.folded("x" + Character.toString(character) + "y");
			assertThat(KeyForm.folded(folded)).as("U+%x", character).isEqualTo(folded);
		}
	}

}
