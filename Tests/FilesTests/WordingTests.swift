import Files
import Testing

@Suite("Words from files of others")
struct WordingTests {
    @Test(
        "are shown on one line, with what is not visible as an escape sequence",
        arguments: [
            ("plain é 漢 👍", "plain é 漢 👍"), ("\u{1B}[31mred", "\\u{1B}[31mred"),
            ("two\nlines\r\n\t", "two\\nlines\\r\\n\\t"), ("a\0b", "a\\0b"),
            // Text that would be shown in another order, and a line that would end.
            ("\u{202E}txt.exe", "\\u{202E}txt.exe"), ("a\u{2028}b", "a\\u{2028}b"),
            ("\u{E000}", "\\u{E000}"),
        ])
    func visible(text: String, shown: String) {
        #expect(text.shown() == shown && text.quoted == "'\(shown)'")
    }

    @Test("are shortened")
    func short() {
        #expect(String(repeating: "a", count: 5).shown(limit: 5) == "aaaaa")
        #expect(String(repeating: "a", count: 6).shown(limit: 5) == "aaaaa…")
        #expect(String(repeating: "a", count: 1000).quoted.count == 203)
    }

    @Test(
        "become names of files that any system takes",
        arguments: [
            ("mnist-gp_2.5", "mnist-gp_2.5"), ("a b/c", "a-b-c"), ("../../etc", "etc"),
            (".hidden", "hidden"), ("-rf", "rf"), ("é漢", nil), ("", nil), ("...", nil),
            ("nul\0l", "nul-l"),
        ])
    func fileNames(text: String, name: String?) {
        #expect(text.fileName() == name)
    }

    @Test("are names of files as they are, or not")
    func areFileNames() {
        #expect("a-B_1.x".isOfFileNames && !"a b".isOfFileNames && !"é".isOfFileNames)
        #expect(String(repeating: "a", count: 300).fileName()?.count == 100)
        #expect(String(repeating: "a", count: 300).fileName(limit: 255)?.count == 255)
    }
}
