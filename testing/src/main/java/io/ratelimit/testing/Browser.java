package io.ratelimit.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium without a window, as Debian installs it. It draws every character of a page as
 * a box, so that no page depends on the fonts that are installed, even if there are none.
 */
public final class Browser implements AutoCloseable {

	private static final String MISSING = "There is no chromium and chromedriver on the PATH; on Debian: "
			+ "apt-get install chromium chromium-driver";

	/**
	 * Draws every character as a box, half as wide as the font is high, or a fifth wider
	 * in the font that is the same for all characters. Pages name their fonts by these
	 * variables.
	 */
	private static final String BOXES = """
			const font = Uint8Array.from(atob('%s'), (byte) => byte.charCodeAt(0));
			document.fonts.add(new FontFace('Boxes', font));
			document.fonts.add(new FontFace('Wide boxes', font, { sizeAdjust: '120%%' }));
			const style = new CSSStyleSheet();
			style.replaceSync(":root { --sans: Boxes; --serif: Boxes; --mono: 'Wide boxes' }"
			  + "* { text-rendering: geometricPrecision }");
			document.adoptedStyleSheets = [style];
			""";

	private static final String FETCH = """
			const [address, credentials, done] = arguments;
			fetch(address, {credentials}).then(
				(response) => done({status: response.status, ...Object.fromEntries(response.headers)}),
				() => done({}));""";

	private static final Logger selenium = Logger.getLogger("org.openqa.selenium");

	static {
		// it misses bindings to this version of the browser that nothing here uses
		selenium.setLevel(Level.SEVERE);
	}

	private final ChromeDriver driver;

	private Browser(File chromium, File chromedriver) throws IOException {
		ChromeOptions options = new ChromeOptions().setBinary(chromium)
			.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
					"--disable-background-networking", "--disable-component-update", "--disable-sync",
					"--user-data-dir=" + Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium"));
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		logs.enable(LogType.PERFORMANCE, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
		this.driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(chromedriver).usingAnyFreePort().build(),
				options);
		this.driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", boxes()));
	}

	/**
	 * Starts the browser; the test is skipped where there is none.
	 * @return the browser, with an empty page
	 */
	public static Browser start() throws IOException {
		File chromium = find("chromium");
		File chromedriver = find("chromedriver");
		Assumptions.assumeTrue(chromium != null && chromedriver != null, MISSING);
		return new Browser(chromium, chromedriver);
	}

	/**
	 * Returns what works the browser.
	 * @return its driver
	 */
	public ChromeDriver driver() {
		return this.driver;
	}

	/**
	 * Gives the page exactly this much room.
	 * @param width its pixels across
	 * @param height its pixels down
	 */
	public void resize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	/**
	 * Shows the page in the fonts that are installed, for a picture of it.
	 */
	public void useInstalledFonts() {
		this.driver.executeScript("document.adoptedStyleSheets = []");
	}

	/**
	 * Sends a GET as a script of the page.
	 * @param address the address
	 * @param credentials whether to send credentials to another origin too
	 * @return status and header fields that the script can read; empty if it can read
	 * nothing
	 */
	public Map<?, ?> fetch(URI address, boolean credentials) {
		Object read = this.driver.executeAsyncScript(FETCH, address.toString(), credentials ? "include" : "omit");
		return (Map<?, ?>) Objects.requireNonNull(read, "read");
	}

	/**
	 * Returns what the console has shown since it was last asked for.
	 * @return the entries, oldest first
	 */
	public List<LogEntry> console() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll();
	}

	/**
	 * Returns the addresses that the page has requested since they were last asked for.
	 * @return the addresses, oldest first
	 */
	public List<String> requests() {
		Json json = new Json();
		return this.driver.manage()
			.logs()
			.get(LogType.PERFORMANCE)
			.getAll()
			.stream()
			.map((entry) -> part(json.<Map<String, Object>>toType(entry.getMessage(), Json.MAP_TYPE), "message"))
			.filter((message) -> "Network.requestWillBeSent".equals(message.get("method")))
			.map((message) -> part(part(message, "params"), "request"))
			.map((request) -> String.valueOf(request.get("url")))
			.toList();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

	/**
	 * Returns the script with the font, which has one glyph, and a {@code cmap} of format
	 * 13 that has it stand for every character.
	 */
	private static String boxes() throws IOException {
		try (InputStream font = Browser.class.getResourceAsStream("boxes.ttf")) {
			byte[] bytes = Objects.requireNonNull(font, "boxes.ttf").readAllBytes();
			return "{%s}".formatted(BOXES.formatted(Base64.getEncoder().encodeToString(bytes)));
		}
	}

	private static Map<?, ?> part(Map<?, ?> object, String name) {
		return (Map<?, ?>) Objects.requireNonNull(object.get(name), name);
	}

	private static @Nullable File find(String program) {
		return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
			.map((directory) -> new File(directory, program))
			.filter(File::canExecute)
			.findFirst()
			.orElse(null);
	}

}
