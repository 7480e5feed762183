"""A test without an assertion cannot fail: every TEST body must hold one."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
CHECK = re.compile(r"\b(EXPECT_|ASSERT_|RC_ASSERT|FAIL\(|ADD_FAILURE|SUCCEED_IF|expect_|check_|require_)")


def without_words(text):
    """What stands in strings and single characters is no code: a brace there ends nothing."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', '""', text)


def bare(text):
    for found in re.finditer(r"^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\((.*?)\)\s*\{", text, re.M | re.S):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        if not CHECK.search(text[found.end():at]):
            yield found.group(1).replace("\n", " ")


def unheard(text):
    """rc::check only returns whether the property held: its answer must be used."""
    return re.findall(r"^\s*rc::check\(.*", text, re.M)


assert list(unheard("    rc::check([] {});\n")) and not unheard("  EXPECT_TRUE(rc::check([] {}));\n"), "the guard is blind"
assert not list(bare(without_words('TEST(A, B) {\n  run("}");\n  EXPECT_TRUE(x);\n}\n'))), "the guard reads strings as code"
assert list(bare("TEST(A, B) {\n  run();\n}\n")), "the guard is blind"
wrong, count = [], 0
for path in sorted((root / "src").rglob("*_test.cpp")):
    text = path.read_text()
    count += len(re.findall(r"^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\(", text, re.M))
    wrong += [f"{path.relative_to(root)}: test ({name}) asserts nothing" for name in bare(without_words(text))]
    wrong += [f"{path.relative_to(root)}: nobody hears the answer of '{line.strip()}'" for line in unheard(text)]
print("\n".join(wrong) or f"{count} tests assert something")
sys.exit(bool(wrong) or count == 0)
