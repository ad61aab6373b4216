package io.ratelimit.spring.expression;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Walks an expression and refuses what could never be evaluated.
 */
final class ExpressionCheck {

	/** What has another value, or an effect, from one evaluation to the next. */
	private static final Set<Class<?>> READS = Set.of(VariableReference.class, FunctionReference.class,
			BeanReference.class, TypeReference.class, ConstructorReference.class, MethodReference.class,
			PropertyOrFieldReference.class);

	private final String text;

	private final List<String> names;

	private final List<? extends Class<?>> types;

	private final @Nullable BeanFactory beans;

	private final Set<String> used = new LinkedHashSet<>();

	private boolean constant = true;

	ExpressionCheck(String text, List<String> names, List<? extends Class<?>> types, @Nullable BeanFactory beans) {
		this.types = types;
		this.text = text;
		this.names = names;
		this.beans = beans;
	}

	/**
	 * Returns the variables in use.
	 * @throws IllegalArgumentException if the expression could never be evaluated
	 */
	Set<String> variables(SpelNode root) {
		walk(root, false, false);
		return this.used;
	}

	/**
	 * Returns whether the expression is made of nothing but literals, once it has been
	 * walked.
	 */
	boolean isConstant() {
		return this.constant;
	}

	/**
	 * Checks a node.
	 * @param element whether it is inside of a selection or projection, where bare names
	 * belong to the element
	 * @param owned whether a bare name belongs to what stands before it
	 */
	private void walk(SpelNode node, boolean element, boolean owned) {
		this.constant &= !READS.contains(node.getClass());
		if (node instanceof Assign || node instanceof OpInc || node instanceof OpDec) {
			throw refused("it assigns, and nothing can be assigned here");
		}
		if (node instanceof VariableReference || node instanceof FunctionReference) {
			checkVariable(node.toStringAST().substring(1));
		}
		else if (node instanceof BeanReference) {
			checkBean(node.toStringAST());
		}
		else if (!element && !owned && (node instanceof PropertyOrFieldReference || node instanceof MethodReference)) {
			throw refused("'%s' belongs to nothing; start with a variable, as in #%s".formatted(node.toStringAST(),
					node.toStringAST()));
		}
		if (node instanceof CompoundExpression && node.getChild(0) instanceof VariableReference variable) {
			checkMembers(node, variable.toStringAST().substring(1));
		}
		boolean within = element || node instanceof Selection || node instanceof Projection;
		for (int i = 0; i < node.getChildCount(); i++) {
			walk(node.getChild(i), within, owns(node, i));
		}
	}

	private static boolean owns(SpelNode node, int child) {
		boolean key = node instanceof Indexer || (node instanceof InlineMap && child % 2 == 0);
		return (node instanceof CompoundExpression && child > 0)
				|| (key && node.getChild(child) instanceof PropertyOrFieldReference);
	}

	private void checkVariable(String name) {
		if (name.equals("this") || name.equals("root")) {
			return;
		}
		int arguments = name.indexOf('(');
		String variable = (arguments < 0) ? name : name.substring(0, arguments);
		if (!this.names.contains(variable)) {
			throw refused("there is no #%s: known are %s".formatted(variable,
					this.names.stream().map((known) -> "#" + known).toList()));
		}
		this.used.add(variable);
	}

	private void checkMembers(SpelNode chain, String variable) {
		int index = this.names.indexOf(variable);
		String problem = (index >= 0) ? MemberCheck.problem(chain, this.types.get(index)) : null;
		if (problem != null) {
			throw refused(problem);
		}
	}

	private void checkBean(String reference) {
		String name = reference.startsWith("@") ? reference.substring(1) : reference;
		String unquoted = name.startsWith("'") ? name.substring(1, name.length() - 1) : name;
		if (this.beans == null || !this.beans.containsBean(unquoted)) {
			throw refused("there is no bean '%s'".formatted(unquoted));
		}
	}

	private IllegalArgumentException refused(String reason) {
		return new IllegalArgumentException("'%s' cannot be evaluated: %s".formatted(this.text, reason));
	}

}
