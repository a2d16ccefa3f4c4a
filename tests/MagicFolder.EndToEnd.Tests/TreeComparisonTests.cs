using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>What all the other tests rely on: a difference of any kind between two directories is seen.</summary>
public sealed class TreeComparisonTests : IDisposable
{
    private readonly Computer _computer = new();

    public static TheoryData<string, string> Changes => new()
    {
        { "content", "plain.txt" },
        { "mtime", "plain.txt" },
        { "mtime of symlink", "dangling" },
        { "mode", "plain.txt" },
        { "gone", "plain.txt" },
        { "gone", "empty/nested" },
        { "new", "new" },
        { "target", "dangling" },
    };

    [Fact]
    public void EqualTreesDoNotDiffer()
    {
        SampleTree.Make(_computer.At("one"));
        SampleTree.Make(_computer.At("other"));

        Differences().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void ADifferenceIsSeenAndNamed(string change, string path)
    {
        SampleTree.Make(_computer.At("one"));
        SampleTree.Make(_computer.At("other"));
        string changed = _computer.At("other/" + path);
        switch (change)
        {
            case "content":
                File.WriteAllText(changed, "plain.TXT");
                Posix.SetModified(changed, 1_431_000_000, 123_456_789);
                break;
            case "mtime" or "mtime of symlink":
                Posix.SetModified(changed, 1_431_000_000, 123_456_788);
                break;
            case "mode":
                File.SetUnixFileMode(changed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                break;
            case "gone":
                _computer.Delete("other/" + path);
                break;
            case "new":
                File.WriteAllText(changed, "");
                break;
            case "target":
                File.Delete(changed);
                File.CreateSymbolicLink(changed, "nowhere/else");
                Posix.SetModified(changed, 1_431_000_001, 987_654_321);
                break;
        }

        Differences().ShouldHaveSingleItem().ShouldStartWith(path + ": ");
    }

    public void Dispose() => _computer.Dispose();

    private string[] Differences() => [.. Directories.Differences(TreeListing.Of(_computer.At("one")).Items, TreeListing.Of(_computer.At("other")).Items)];
}
