using MagicFolder.EndToEnd.Tests.Running;
using MagicFolder.EndToEnd.Tests.Secrets;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests;

/// <summary>The storage reads nothing: whoever holds the grid directory finds no name, content, key or id in it.</summary>
public sealed class PrivacyTests : IDisposable
{
    private readonly Computer _computer = new();

    [Fact]
    public async Task NothingOfAFolderIsFoundInAnyByteOfTheGrid()
    {
        SampleTree.Make(_computer.At("alice-at-home"));
        _computer.Write("alice-at-home/compressible.txt", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} of a text that compresses well\n")));
        await _computer.SyncAsync("alice-at-home", "bob-at-work");
        _computer.Write("alice-at-home/plain.txt", "edited at home");
        _computer.Write("bob-at-work/plain.txt", "edited at work");
        await _computer.SyncWithConflictsAsync("alice-at-home", "bob-at-work");

        List<Needle> needles = [.. FolderSecrets.OfFiles(_computer.At("alice-at-home")), .. await FolderSecrets.OfFolderAsync(_computer.State)];
        needles.Count.ShouldBeGreaterThan(300);
        ByteSearch.Find(_computer.Grid, needles).ShouldBeEmpty();

        await PlantAsync(needles[needles.Count / 2]);
        ByteSearch.Find(_computer.Grid, needles).ShouldNotBeEmpty("what is there is found");
    }

    [Fact]
    public async Task EqualFilesOfDifferentFoldersCannotBeToldFromTheGrid()
    {
        foreach (string side in new[] { "alice", "carol" }) _computer.Write(side + "/well-known.bin", SampleTree.Bytes(600_000));
        (await _computer.RunAsync("sync", "alice", "bob", "--grid", "grid one", "--state", "state one")).ShouldExit(0);
        (await _computer.RunAsync("sync", "carol", "dave", "--grid", "grid two", "--state", "state two")).ShouldExit(0);

        string[] one = Names("grid one/shares");
        one.ShouldNotBeEmpty();
        one.Intersect(Names("grid two/shares"), StringComparer.Ordinal).ShouldBeEmpty();
    }

    public void Dispose() => _computer.Dispose();

    private string[] Names(string directory) =>
        [.. Directory.EnumerateDirectories(_computer.At(directory), "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)!).Where(name => name.Length == 26)];

    private async Task PlantAsync(Needle needle)
    {
        string share = Directory.EnumerateFiles(Path.Combine(_computer.Grid, "shares"), "0", SearchOption.AllDirectories).First();
        await using var stream = new FileStream(share, FileMode.Append);
        stream.Write(needle.Bytes);
    }
}
