using MagicFolder.Model;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>A <c>.magicignore</c> that another participant wrote, asked about a path: up to the first newline the path, then the rules.</summary>
internal sealed class IgnoreRulesTarget : FuzzTarget
{
    public override string Name => "ignore-rules";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "*", "**", "**/", "/**", "/**/", "?", "[a-z]", "[!a]", "[^", "[]", "[]]", "[[:alpha:]]", "[[:no:]]", "[z-a]", "\\", "\\ ", "!", "!/", "#", "\\#", "/", "//", " ", "\r", "\n", "\uFEFF", "é", "e\u0301", "😀",
            string.Concat(Enumerable.Repeat("*a", 300)), string.Concat(Enumerable.Repeat("**/a/", 200)), new string('\n', 3000), new string('[', 500),
        }.Select(Some.Utf8), [0xFF], [0xC0, 0x80], [0],
    ];

    /// <summary>No more rules are read than are allowed, whatever the length; some kilobytes for each, twice.</summary>
    public override long AllocationLimit(int length) => (2L * IgnoreRules.Most * 4096) + (160L * length);

    public override byte[] Generate(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(5)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) switch
        {
            0 => Some.Name(random),
            1 => "/",
            _ => new[] { "*", "**", "?", "[a-f]", "!", "a" }[random.Next(6)],
        })));
        return [.. Some.Path(random).ToUtf8(), (byte)'\n', .. Some.Utf8(string.Join('\n', lines))];
    }

    public override string Run(byte[] input)
    {
        int newline = Array.IndexOf(input, (byte)'\n');
        if (!RelativePath.TryParse(input.AsSpan(0, Math.Max(newline, 0)), out var path, out var fault)) throw new Runs.RefusedByResultException(fault.ToString());
        var rules = IgnoreRules.Parse((IgnoreSource.Shared, input.AsMemory(newline + 1)));
        bool asFile = rules.Covers(path, isDirectory: false), asDirectory = rules.Covers(path, isDirectory: true);
        Promise(rules.Ignores(path, isDirectory: false) == asFile || asFile || path.Depth > 1, "what is ignored by itself is not covered");
        Promise(!rules.Covers(path.Parent, isDirectory: true) || (asFile && asDirectory), "what is in an ignored directory is not ignored");
        Promise(!rules.Covers(IgnoreRules.SharedFile, isDirectory: false), "the shared file is ignored");
        var again = IgnoreRules.Parse((IgnoreSource.Shared, input.AsMemory(newline + 1)), (IgnoreSource.Local, "!*\n"u8.ToArray()));
        Promise(!again.Ignores(path, isDirectory: true), "nothing takes it back");
        return $"{Size(rules.Rules.Length)} {rules.Rules.Count(rule => rule.IsFault) > 0} {asFile} {asDirectory} {Size(path.Depth)}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException { Reason: DamageReason.TooLarge };
}
