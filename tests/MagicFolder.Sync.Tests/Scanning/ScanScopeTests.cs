using MagicFolder.Model.Paths;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Tests.Scanning;

public sealed class ScanScopeTests
{
    [Fact]
    public void PathsAreAscendingAndEachIsLookedAtOnce() => Of("b", "a", "b").ShouldBe(["a", "b"]);

    [Fact]
    public void WhatIsBelowAnotherIsLookedAtWithIt() => Of("a/x", "a.txt", "a", "a/y/z", "ab").ShouldBe(["a", "a.txt", "ab"], ignoreOrder: true);

    [Fact]
    public void TheReservedDirectoryIsNotLookedAt() => Of(".magic-folder/staging/1", "a").ShouldBe(["a"]);

    [Fact]
    public void TheRootIsEverything()
    {
        var scope = ScanScope.Of([RelativePath.Parse("a"), RelativePath.Root]);

        scope.IsEverything.ShouldBeTrue();
        scope.Paths.ShouldBeEmpty();
    }

    [Fact]
    public void NoPathIsNothing()
    {
        ScanScope.Of([]).IsEverything.ShouldBeFalse();
        ScanScope.Of([]).Paths.ShouldBeEmpty();
    }

    private static IEnumerable<string> Of(params string[] paths)
    {
        var scope = ScanScope.Of(paths.Select(RelativePath.Parse));
        scope.IsEverything.ShouldBeFalse();
        scope.Paths.ShouldBe(scope.Paths.Order());
        return scope.Paths.Select(path => path.ToString());
    }
}
