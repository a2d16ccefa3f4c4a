using System.Text;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Tests.Paths;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("", PathFault.Empty)]
    [InlineData("/a", PathFault.Empty)]
    [InlineData("a/", PathFault.Empty)]
    [InlineData("a//b", PathFault.Empty)]
    [InlineData(".", PathFault.DotName)]
    [InlineData("a/../b", PathFault.DotName)]
    [InlineData("..", PathFault.DotName)]
    [InlineData("a\0b", PathFault.Nul)]
    [InlineData("...", PathFault.None)]
    [InlineData("..a/.b", PathFault.None)]
    [InlineData("C:\\x", PathFault.None)]
    [InlineData("ä/é", PathFault.None)]
    public void TextIsAPathOrHasOneFault(string text, PathFault fault)
    {
        RelativePath.TryParse(Encoding.UTF8.GetBytes(text), out var path, out var found).ShouldBe(fault == PathFault.None);
        found.ShouldBe(fault);
        if (fault == PathFault.None) path.ToString().ShouldBe(text);
        else path.IsRoot.ShouldBeTrue();
    }

    [Fact]
    public void LimitsAreExact()
    {
        Fault(new string('a', 1024)).ShouldBe(PathFault.None);
        Fault(new string('a', 1025)).ShouldBe(PathFault.TooLong);
        Fault(string.Join('/', Enumerable.Repeat("a", 256))).ShouldBe(PathFault.None);
        Fault(string.Join('/', Enumerable.Repeat("a", 257))).ShouldBe(PathFault.TooDeep);
        string four = string.Join('/', Enumerable.Repeat(new string('a', 1023), 4));
        Fault(four + "/").ShouldBe(PathFault.Empty);
        Fault(four + "b").ShouldBe(PathFault.None);
        Fault(four + "/b").ShouldBe(PathFault.TooLong);
        RelativePath.Parse(four).TryChild("b"u8, out _, out var fault).ShouldBeFalse();
        fault.ShouldBe(PathFault.TooLong);

        static PathFault Fault(string text)
        {
            bool isPath = RelativePath.TryParse(Encoding.UTF8.GetBytes(text), out _, out var fault);
            isPath.ShouldBe(fault == PathFault.None);
            return fault;
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void BytesThatAreNotUtf8AreNoPath(byte[] bytes)
    {
        RelativePath.TryParse(bytes, out _, out var fault).ShouldBeFalse();
        fault.ShouldBe(PathFault.NotUtf8);
        RelativePath.TryFromKey(bytes, out _, out fault).ShouldBeFalse();
        fault.ShouldBe(PathFault.NotUtf8);
    }

    [Fact]
    public void ASlashInAKeyIsNoSeparator()
    {
        RelativePath.TryFromKey("a/b"u8, out _, out var fault).ShouldBeFalse();
        fault.ShouldBe(PathFault.Separator);
        RelativePath.TryFromKey("a\0b"u8, out var path, out _).ShouldBeTrue();
        path.ShouldBe(RelativePath.Parse("a/b"));
        Should.Throw<ArgumentException>(() => path.Child("c/d"));
        Should.Throw<ArgumentException>(() => path.Child(".."));
    }

    [Fact]
    public void TheOrderIsThatOfASortedWalk()
    {
        string[] walk = ["a", "a/b", "a/b/c", "a/c", "a b", "a!", "a-b/x", "a.txt", "ab", "b", "é"];
        walk.Select(RelativePath.Parse).Order().Select(path => path.ToString()).ShouldBe(walk);
    }

    [Fact]
    public void WhatIsInADirectoryFollowsItWithoutAGap()
    {
        var random = new Random(1);
        var paths = Enumerable.Range(0, 300).Select(_ => Some.RandomPath(random, 8)).Distinct().Order().ToList();
        foreach (var directory in paths)
        {
            int at = paths.IndexOf(directory);
            int below = paths.Count(path => path.IsUnder(directory));
            paths.Skip(at + 1).Take(below).ShouldAllBe(path => path.IsUnder(directory));
        }
    }

    [Fact]
    public void AParentIsWhatItsChildrenComeFrom()
    {
        var path = RelativePath.Parse("a/b/c");
        path.Parent.ShouldBe(RelativePath.Parse("a/b"));
        path.Name.ShouldBe("c");
        path.Depth.ShouldBe(3);
        path.Parent.Child("c").ShouldBe(path);
        path.WithName("d").ToString().ShouldBe("a/b/d");
        RelativePath.Parse("a").Parent.ShouldBe(RelativePath.Root);
        RelativePath.Root.Parent.ShouldBe(RelativePath.Root);
        RelativePath.Root.Depth.ShouldBe(0);
        RelativePath.Root.ToString().ShouldBe(".");
        RelativePath.Root.Child("a").ShouldBe(RelativePath.Parse("a"));
    }

    [Theory]
    [InlineData(".magic-folder", true)]
    [InlineData(".Magic-FOLDER/x", true)]
    [InlineData("a/.magic-folder", false)]
    [InlineData(".magic-folders", false)]
    public void OnlyTheProgramsOwnDirectoryIsReserved(string text, bool reserved) => RelativePath.Parse(text).IsReserved.ShouldBe(reserved);

    [Fact]
    public void TextThatIsNotUnicodeIsNoPath() => Should.Throw<ArgumentException>(() => RelativePath.Parse("a\uD800"));
}
