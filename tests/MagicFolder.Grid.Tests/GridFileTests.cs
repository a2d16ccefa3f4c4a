namespace MagicFolder.Grid.Tests;

public sealed class GridFileTests
{
    private static readonly string Home = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "home"));

    [Fact]
    public void SettingsComeFirstThenDirectoriesRelativeToTheFile()
    {
        var file = Parse("# my disks\n\nk = 2\n  n=5\r\nhappy = 4\n one\n../two \n/mnt/three\nfour words here\nk5 = no setting\n./hapy = 3\n");
        file.Encoding.ShouldBe(new GridEncoding(2, 4, 5));
        file.Directories.ShouldBe(
        [
            Path.Combine(Home, "one"), Path.GetFullPath(Path.Combine(Home, "..", "two")), Path.GetFullPath("/mnt/three"), Path.Combine(Home, "four words here"),
            Path.Combine(Home, "k5 = no setting"), Path.Combine(Home, "hapy = 3"),
        ]);
    }

    [Theory]
    [InlineData("a", 1, 1, 1)]
    [InlineData("a\nb", 1, 1, 2)]
    [InlineData("a\nb\nc", 1, 2, 3)]
    [InlineData("k = 2\na\nb\nc\nd\ne", 2, 3, 5)]
    [InlineData("k = 3\nn = 10\na\nb\nc\nd\ne\nf\ng\nh\ni\nj", 3, 6, 10)]
    [InlineData("k = 3\nn = 10\na", 3, 1, 10)]
    [InlineData("k = 3\na", 3, 1, 3)]
    [InlineData("\uFEFFn = 4\na\nb", 1, 1, 4)]
    public void WhatIsLeftOutIsSensible(string text, int k, int happy, int n) => Parse(text).Encoding.ShouldBe(new GridEncoding(k, happy, n));

    [Theory]
    [InlineData("", "names no directory")]
    [InlineData("k = 2\n# a", "names no directory")]
    [InlineData("k = two\na", "grid.txt, line 1: 'k' is 'two'; give a number from 1 to 255")]
    [InlineData("a\nk = 2", "line 2: 'k' stands behind a directory; put settings first")]
    [InlineData("k = 2\n\nk = 2\na", "line 3: 'k' is given twice")]
    [InlineData("n = 0\na", "line 1: 'n' is '0'")]
    [InlineData("n = 256\na", "line 1: 'n' is '256'")]
    [InlineData("hapy = 3\na", "line 1: 'hapy' is no setting; there are k, n and happy, and a directory of that name is written ./hapy = 3")]
    [InlineData("PK\u0003\0", "line 1: there are bytes that no path has")]
    [InlineData("K = two\na", "line 1: 'k' is 'two'")]
    [InlineData("k = 3\nn = 2\na\nb\nc", "k = 3 and n = 2")]
    [InlineData("happy = 3\na\nb", "happy = 3 cannot be reached with 2 directories and n = 2; give at most 2")]
    [InlineData("a\nb\n./a/", "line 3: ./a/ is given twice")]
    public void WhatMakesNoSenseIsRefusedWithTheLine(string text, string message)
    {
        var failure = Should.Throw<GridException>(() => Parse(text));
        failure.Failure.ShouldBe(GridFailure.Misconfigured);
        failure.IsPermanent.ShouldBeTrue();
        failure.Message.ShouldContain(message);
    }

    [Fact]
    public void AFileThatIsMissingOrNoGridFileIsNamed()
    {
        using var place = new Support.TemporaryGrid();
        Should.Throw<GridException>(() => GridFile.Load(place.Root)).Message.ShouldContain(place.Root);
        File.WriteAllBytes(place.Root, new byte[GridFile.LongestText + 1]);
        Should.Throw<GridException>(() => GridFile.Load(place.Root)).Message.ShouldContain("too long");
    }

    private static GridFile Parse(string text) => GridFile.Parse(text, Path.Combine(Home, "grid.txt"));
}
