package io.ratelimit.spring.method;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.function.Consumer;

import io.ratelimit.annotation.RateLimited;
import org.junit.jupiter.api.Test;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;
import org.springframework.beans.factory.support.RootBeanDefinition;

import static io.ratelimit.spring.method.LimitedApplication.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods that compilers add to a class. Kotlin writes one that only delegates, a bridge
 * of the very signature, for each method of an interface that has a body.
 */
class BridgeTests {

	private static final String STRING = Type.getDescriptor(String.class);

	@Test
	void interfaceMethodWithABodyIsLimitedWhereTheClassHasABridge() {
		try (LimitedApplication application = application(bridged(WithBody.class))) {
			WithBody bean = application.bean(WithBody.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void genericInterfaceMethodWithABodyIsLimitedWhereTheClassHasABridge() {
		try (LimitedApplication application = application(bridged(GenericWithBody.class))) {
			@SuppressWarnings("unchecked")
			GenericWithBody<String> bean = application.bean(GenericWithBody.class);
			bean.save("x");
			assertRefused(() -> bean.save("x"));
		}
	}

	@Test
	void interfaceMethodWithABodyIsLimitedByItsType() {
		try (LimitedApplication application = application(bridged(OfType.class))) {
			OfType bean = application.bean(OfType.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	@Test
	void publicMethodOfASuperclassThatIsHiddenIsLimited() {
		try (LimitedApplication application = new LimitedApplication(Shown.class)) {
			Shown bean = application.bean(Shown.class);
			bean.run();
			assertRefused(bean::run);
		}
	}

	private static LimitedApplication application(Class<?> type) {
		return new LimitedApplication(
				(context) -> context.registerBeanDefinition("bridged", new RootBeanDefinition(type)));
	}

	/**
	 * Returns a class that implements an interface as the Kotlin compiler writes it.
	 */
	private static Class<?> bridged(Class<?> type) {
		String name = Type.getInternalName(type) + "Bean";
		String base = Type.getInternalName(Base.class);
		ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
		writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, base, new String[] { Type.getInternalName(type) });
		write(writer, Opcodes.ACC_PUBLIC, "<init>", "()V",
				(code) -> code.visitMethodInsn(Opcodes.INVOKESPECIAL, base, "<init>", "()V", false));
		for (Method method : type.getMethods()) {
			String erased = Type.getMethodDescriptor(method);
			String specific = erased.replace(Type.getDescriptor(Object.class), STRING);
			write(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_BRIDGE, method.getName(), specific, (code) -> code
				.visitMethodInsn(Opcodes.INVOKESPECIAL, Type.getInternalName(type), method.getName(), erased, true));
			if (!specific.equals(erased)) {
				write(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_BRIDGE | Opcodes.ACC_SYNTHETIC, method.getName(), erased,
						(code) -> code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, name, method.getName(), specific, false));
			}
		}
		writer.visitEnd();
		try {
			Class<?> bridged = MethodHandles.lookup().defineClass(writer.toByteArray());
			assertThat(bridged.getDeclaredMethods()).isNotEmpty().allMatch(Method::isBridge);
			return bridged;
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void write(ClassWriter writer, int access, String name, String descriptor,
			Consumer<MethodVisitor> call) {
		MethodVisitor code = writer.visitMethod(access, name, descriptor, null, null);
		code.visitCode();
		code.visitVarInsn(Opcodes.ALOAD, 0);
		if (Type.getArgumentTypes(descriptor).length > 0) {
			code.visitVarInsn(Opcodes.ALOAD, 1);
			code.visitTypeInsn(Opcodes.CHECKCAST, Type.getInternalName(String.class));
		}
		call.accept(code);
		if (descriptor.endsWith("V")) {
			code.visitInsn(Opcodes.RETURN);
		}
		else {
			code.visitTypeInsn(Opcodes.CHECKCAST, Type.getReturnType(descriptor).getInternalName());
			code.visitInsn(Opcodes.ARETURN);
		}
		code.visitMaxs(0, 0);
		code.visitEnd();
	}

	public static class Base {

		@RateLimited("two")
		public void limited() {
		}

	}

	public interface WithBody {

		@RateLimited("one")
		default String run() {
			return "run";
		}

		@RateLimited("two")
		default String other() {
			return "other";
		}

		default String own() {
			return "own";
		}

	}

	public interface GenericWithBody<T> {

		@RateLimited(limits = "1/1m", key = "#item")
		default T save(T item) {
			return item;
		}

	}

	@RateLimited("one")
	public interface OfType {

		default String run() {
			return "run";
		}

	}

	static class Hidden {

		@RateLimited("one")
		public void run() {
		}

	}

	public static class Shown extends Hidden {

		@RateLimited("two")
		public void other() {
		}

	}

}
