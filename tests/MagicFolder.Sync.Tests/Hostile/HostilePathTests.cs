using System.Text;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>Promise 7: no path that a member makes up leads out of the folder, or into the program's own directory.</summary>
public sealed class HostilePathTests
{
    private static readonly byte[] Evil = "evil"u8.ToArray();

    public static TheoryData<string, byte[]> Impossible => new()
    {
        { "the directory above", ".."u8.ToArray() },
        { "something above", "..\0outside\0sentinel\0secret"u8.ToArray() },
        { "above on the way", "a\0..\0..\0above"u8.ToArray() },
        { "the directory itself", "."u8.ToArray() },
        { "itself on the way", "a\0.\0b"u8.ToArray() },
        { "an empty name in front", "\0etc\0passwd"u8.ToArray() },
        { "an empty name on the way", "a\0\0b"u8.ToArray() },
        { "an empty name at the end", "a\0"u8.ToArray() },
        { "an absolute path", "/etc/passwd"u8.ToArray() },
        { "a slash in a name", "a/../../above"u8.ToArray() },
        { "bytes that are not UTF-8", [0x61, 0xFF, 0xFE] },
        { "an overlong encoding of a slash", [0x2E, 0x2E, 0xC0, 0xAF, 0x61] },
        { "half a surrogate pair", [0xED, 0xA0, 0x80] },
        { "a name longer than any", Encoding.ASCII.GetBytes(new string('n', 1025)) },
        { "a path longer than any", Encoding.ASCII.GetBytes(string.Join('\0', Enumerable.Repeat(new string('p', 99), 41))) },
        { "a path deeper than any", Encoding.ASCII.GetBytes(string.Join('\0', Enumerable.Repeat("d", 257))) },
        { "ten thousand directories in one another", Encoding.ASCII.GetBytes(string.Join('\0', Enumerable.Repeat("d", 10_000))) },
        { "the program's directory", ".magic-folder"u8.ToArray() },
        { "the marker", ".magic-folder\0folder.json"u8.ToArray() },
        { "the marker in capitals", ".MAGIC-Folder\0folder.json"u8.ToArray() },
        { "something in staging", ".magic-folder\0staging\0x"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task ATreeWithAPathThatCannotBeIsRefusedAsAWhole(string what, byte[] key)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File(key, BlobId.Of(Evil), 4), pack, place);

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBe(2, what);
        foreach (string line in troubles) line.ShouldContain("mallory");
        world.Cast.World.Names("bob").ShouldBe(["later-of-alice", "later-of-bob", "of-alice", "of-bob"]);
    }

    public static TheoryData<string, byte[]> Strange => new()
    {
        { "backslashes", @"..\..\above"u8.ToArray() },
        { "a drive", @"C:\evil"u8.ToArray() },
        { "a device", "NUL"u8.ToArray() },
        { "a device with an extension", "con.txt"u8.ToArray() },
        { "the program's directory further down", "sub\0.magic-folder\0folder.json"u8.ToArray() },
        { "the program's directory with a dot more", ".magic-folder."u8.ToArray() },
        { "a name of control characters", [0x1B, 0x5B, 0x32, 0x4A] },
        { "a name with line ends", "a\nalice: all is well\n"u8.ToArray() },
        { "a name that turns the reading direction", Encoding.UTF8.GetBytes("\u202Egpj.exe") },
        { "a name that only looks like ..", Encoding.UTF8.GetBytes("\u2025\0x") },
        { "a name of blanks", "   "u8.ToArray() },
        { "a name longer than the disk takes", Encoding.ASCII.GetBytes(new string('n', 300)) },
        { "a directory whose name is longer than the disk takes", Encoding.ASCII.GetBytes(new string('n', 300) + "\0x") },
        { "two hundred directories in one another", Encoding.ASCII.GetBytes(string.Join('\0', Enumerable.Repeat("d", 200))) },
        { "a path longer than the system takes", Encoding.ASCII.GetBytes(string.Join('\0', Enumerable.Repeat(new string('p', 200), 20))) },
        { "a name like a conflict file", "of-alice.conflict-bob"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task AStrangeNameIsANameInTheFolderOrHeldBackAlone(string what, byte[] key)
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        await world.Mallory.PublishLeafAsync(world.Mallory.NewLeaf().File(key, BlobId.Of(Evil), 4), pack, place);

        string[] troubles = await world.RunHonestlyAsync();

        troubles.Length.ShouldBeLessThanOrEqualTo(2, what);
        foreach (string line in troubles) line.Any(c => char.IsControl(c)).ShouldBeFalse(line);
    }

    [Fact]
    public async Task NamesThatDifferInCaseOrNormalizationAreDifferentFilesOrHeldBack()
    {
        using var world = await HostileWorld.StartAsync();
        var pack = new CraftedPack();
        var place = pack.Add(Evil);
        var leaf = world.Mallory.NewLeaf();
        foreach (string name in new[] { "OF-ALICE", "Twin", "e\u0301", "twin", "\u00E9" }) leaf.File(Encoding.UTF8.GetBytes(name), BlobId.Of(Evil), 4);
        await world.Mallory.PublishLeafAsync(leaf, pack, place);

        await world.RunHonestlyAsync();

        world.Cast.World.Read("bob", "twin").ShouldBe("evil");
    }
}
