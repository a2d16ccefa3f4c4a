namespace MagicFolder.Fuzzing.Targets;

internal static class JsonTokens
{
    public static IReadOnlyList<byte[]> Common { get; } =
    [
        .. new[]
        {
            "null", "true", "{}", "[]", "[null]", "{", "}", "[", "]", ",", ":", "\"", "\"\"", "\"\\ud800\"", "\\u0000", "1e999", "-1", "0", "2", "1.5", "99999999999999999999", "//", "\ufeff",
            string.Concat(Enumerable.Repeat("[", 100)),
        }.Select(Some.Utf8), [0xFF], [0xC0, 0x80],
    ];
}
