using System.Text;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Ignoring;

public sealed class IgnoreRulesTests
{
    [Theory]
    [InlineData(".DS_Store", true)]
    [InlineData("photos/Thumbs.db", true)]
    [InlineData("notes.txt~", true)]
    [InlineData("src/.main.c.swp", true)]
    [InlineData("~$report.docx", true)]
    [InlineData(".~lock.report.odt#", true)]
    [InlineData("notes.tmp", false)]
    [InlineData(".gitignore", false)]
    [InlineData(".#", true)]
    public void WhatEditorsAndSystemsLeaveBehindIsIgnored(string path, bool ignored) =>
        IgnoreRules.Parse((IgnoreSource.Defaults, IgnoreDefaults.Text)).Covers(RelativePath.Parse(path), isDirectory: false).ShouldBe(ignored);

    [Fact]
    public void AFileTakesADefaultBack()
    {
        var rules = IgnoreRules.Parse((IgnoreSource.Defaults, IgnoreDefaults.Text), (IgnoreSource.Shared, "!*~\n"u8.ToArray()));
        rules.Covers(RelativePath.Parse("a~"), isDirectory: false).ShouldBeFalse();
    }

    [Fact]
    public void NoRuleThatMatchesIsPassedOver()
    {
        var random = new Random(20261127);
        string[] pieces = ["a", "b", "é", "*", "?", "[ab]", "[!a]", "[é-ü]", "[[:digit:]]", "\\*", "1", ".", "~"];
        string[] letters = ["a", "b", "é", "*", "1", ".", "~", "ü"];
        string Some(string[] of, int least) => string.Concat(Enumerable.Range(0, random.Next(least, 4)).Select(_ => of[random.Next(of.Length)]));
        for (int round = 0; round < 300; round++)
        {
            var rules = Rules(string.Join('\n', Enumerable.Range(0, random.Next(1, 140)).Select(_ =>
                (random.Next(4) == 0 ? "!" : "") + (random.Next(4) == 0 ? Some(pieces, 1) + "/" : "") + (random.Next(6) == 0 ? "**" : Some(pieces, 1)) + (random.Next(4) == 0 ? "/" : ""))));
            for (int i = 0; i < 40; i++)
            {
                string name = Some(letters, 1);
                var path = RelativePath.Parse((random.Next(2) == 0 ? Some(letters, 1).Replace('.', 'a') + "/" : "") + (name is "." or ".." ? "a" : name));
                bool isDirectory = random.Next(2) == 0;
                var expected = ExpectedDecision(rules, path, isDirectory);
                rules.Deciding(path, isDirectory).ShouldBe(expected, $"{path} by {string.Join(" ", rules.Rules.Select(rule => rule.Text))}");
            }
        }
    }

    private static IgnoreRule? ExpectedDecision(IgnoreRules rules, RelativePath path, bool isDirectory)
    {
        for (var (at, above) = (path, new Stack<(RelativePath, bool)>()); ; at = at.Parent)
        {
            above.Push((at, at != path || isDirectory));
            if (!at.Parent.IsRoot) continue;
            foreach (var (part, isDir) in above)
                if (rules.Rules.LastOrDefault(rule => rule.Pattern?.Matches(part.Key, isDir) == true) is { Pattern.IsNegated: false } rule) return rule;
            return null;
        }
    }

    [Fact]
    public void TheSharedFileIsNeverIgnoredItself()
    {
        var rules = Rules("*");
        rules.Covers(IgnoreRules.SharedFile, isDirectory: false).ShouldBeFalse();
        rules.Covers(RelativePath.Parse("d/.magicignore"), isDirectory: false).ShouldBeTrue();
    }

    [Fact]
    public void TheRuleThatDecidesIsNamed()
    {
        var rules = Rules("# what is built\r\nbuild/\r\n!build/keep\r\n");
        rules.Deciding(RelativePath.Parse("x/build/keep"), isDirectory: false)!.ToString().ShouldBe("'build/' (.magicignore, line 2)");
        rules.Deciding(RelativePath.Parse("build"), isDirectory: false).ShouldBeNull();
    }

    [Fact]
    public void APatternThatMakesNoSenseHasNoEffectAndIsTold()
    {
        var rules = Rules("[a\n*.o\n[[:]\n[[:]]\n[[:no:]]\nx\\");
        rules.Rules.ShouldContain(rule => rule.IsFault && rule.Line == 1);
        rules.Covers(RelativePath.Parse("x.o"), isDirectory: false).ShouldBeTrue();
    }

    [Fact]
    public void TooManyRulesAreRefused() =>
        Should.Throw<DamagedBytesException>(() => Rules(string.Join('\n', Enumerable.Range(0, IgnoreRules.Most + 1)))).Reason.ShouldBe(DamageReason.TooLarge);

    [Fact]
    public void APatternMadeToTakeForEverDoesNot()
    {
        var rules = Rules(string.Concat(Enumerable.Repeat("*a", 500)) + "\n" + string.Concat(Enumerable.Repeat("**/a/", 200)) + "b");
        rules.Covers(RelativePath.Parse(new string('a', 1000) + "b"), isDirectory: false).ShouldBeFalse();
        rules.Covers(RelativePath.Parse(string.Join('/', Enumerable.Repeat("a", 250))), isDirectory: false).ShouldBeFalse();
    }

    private static IgnoreRules Rules(string text) => IgnoreRules.Parse((IgnoreSource.Shared, Encoding.UTF8.GetBytes(text)));
}
