using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Tree;

public sealed class DmtNodeTests
{
    /// <summary>The example of docs/formats/dmt.md: these bytes are for ever.</summary>
    private const string ExampleLeaf =
        "840100815000112233445566778899aabbccddeeff82" +
        "830044646f6373" + "85000301" + "1b17979cfe362a0000" + "1901ed" +
        "8304460061c3a92e74" + "87000300" + "1b17979cfe362a0000" + "1901a4" + "05" +
        "58202cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private static readonly DmtItem[] Example =
    [
        new(Some.Path("docs"), Entry.Of(new Dot(ExampleActor, 3), EntryValue.Directory(1_700_000_000_000_000_000, 0x1ED))),
        new(Some.Path("docs/aé.t"), Entry.Of(new Dot(ExampleActor, 3), EntryValue.File(BlobId.Of("hello"u8), 5, 1_700_000_000_000_000_000, 0x1A4))),
    ];

    private static ActorId ExampleActor => ActorId.FromBytes(Convert.FromHexString("00112233445566778899aabbccddeeff"));

    [Fact]
    public void TheBytesOfTheDocumentedExampleAreFrozen()
    {
        Convert.ToHexStringLower(DmtNode.EncodeLeaf(Example)).ShouldBe(ExampleLeaf);
        DmtNode.Decode(Convert.FromHexString(ExampleLeaf)).Items.ShouldBe(Example);
    }

    [Fact]
    public void TheEmptyLeafIsFrozen()
    {
        Convert.ToHexStringLower(DmtNode.EncodeLeaf([])).ShouldBe("8401008080");
        Convert.ToHexStringLower(Dmt.EmptyRoot.ToArray()).ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([0x84, 1, 0, 0x80, 0x80])));
    }

    [Fact]
    public void NodesRoundTrip()
    {
        foreach (var bytes in SomeNodes(seed: 1)) Again(DmtNode.Decode(bytes)).ShouldBe(bytes);
    }

    [Fact]
    public void ContentsAreDistinctInOrderOfFirstOccurrence()
    {
        var (one, two) = (Some.Content(1), Some.Content(2));
        var node = DmtNode.Decode(DmtNode.EncodeLeaf([
            new(Some.Path("a"), Entry.From([new(Some.Dot(1, 1), Some.File(2)), new(Some.Dot(1, 2), Some.File(1))])!),
            new(Some.Path("b"), Entry.Of(Some.Dot(1, 1), EntryValue.Directory(0, 0))),
            new(Some.Path("c"), Some.Entry(2)),
        ]));
        node.Contents.ShouldBe([two, one]);
        node.Children.ShouldBeEmpty();
    }

    [Fact]
    public void EveryTruncationIsDamage()
    {
        foreach (var bytes in SomeNodes(seed: 2).Take(6))
        {
            for (int length = 0; length < bytes.Length; length++)
                Should.Throw<DamagedBytesException>(() => DmtNode.Decode(bytes.AsMemory(0, length)));
        }
    }

    [Fact]
    public void EveryFlippedBitIsDamageOrAnotherCanonicalNode()
    {
        int canonical = 0;
        foreach (var bytes in SomeNodes(seed: 3).Skip(1).Take(3))
        {
            for (int bit = 0; bit < bytes.Length * 8; bit++)
            {
                var flipped = bytes.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                if (Survives(flipped)) canonical++;
            }
        }
        canonical.ShouldBePositive();
    }

    [Fact]
    public void RandomSplicesAreDamageOrAnotherCanonicalNode()
    {
        var random = new Random(4);
        var nodes = SomeNodes(seed: 4).ToArray();
        for (int i = 0; i < 4_000; i++)
        {
            var node = nodes[random.Next(nodes.Length)].ToArray();
            var other = nodes[random.Next(nodes.Length)];
            int length = random.Next(1, 40);
            if (length >= node.Length || length >= other.Length) continue;
            other.AsSpan(random.Next(other.Length - length), length).CopyTo(node.AsSpan(random.Next(node.Length - length)));
            Survives(node);
        }
    }

    [Theory]
    [InlineData("8401009bffffffffffffffff80", DamageReason.TooLarge, "a huge declared number of actors")]
    [InlineData("840100809affffffff", DamageReason.TooLarge, "a huge declared number of items")]
    [InlineData("840100801910008080", DamageReason.Malformed, "an item count that is no array")]
    [InlineData("84010080991000", DamageReason.Malformed, "an allowed number of items that are not there")]
    [InlineData("8402008080", DamageReason.NewerFormat, "the next version")]
    [InlineData("850200808080", DamageReason.NewerFormat, "the next version in another shape")]
    [InlineData("8400008080", DamageReason.Malformed, "version 0")]
    [InlineData("840100808000", DamageReason.Malformed, "a byte behind the end")]
    [InlineData("84010098008080", DamageReason.Malformed, "a length that is not the shortest")]
    [InlineData("8401009fff80", DamageReason.Malformed, "an indefinite length")]
    [InlineData("83010180", DamageReason.Malformed, "an interior node without children")]
    [InlineData("830118ff80", DamageReason.TooLarge, "a level of 255")]
    [InlineData("83011580", DamageReason.TooLarge, "a level of 21")]
    [InlineData("8401008150000000000000000000000000000000008000", DamageReason.Malformed, "bytes behind an unused actor")]
    [InlineData("84010081500000000000000000000000000000000080", DamageReason.Malformed, "an actor that nothing uses")]
    [InlineData("", DamageReason.Malformed, "nothing")]
    public void HostileNodesAreRefused(string hex, DamageReason reason, string what)
    {
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(Convert.FromHexString(hex))).Reason.ShouldBe(reason, what);
    }

    [Theory]
    [InlineData("..", DamageReason.BadPath)]
    [InlineData(".", DamageReason.BadPath)]
    [InlineData("a\0..\0b", DamageReason.BadPath)]
    [InlineData("a/b", DamageReason.BadPath)]
    [InlineData("\0a", DamageReason.BadPath)]
    [InlineData("a\0\0b", DamageReason.BadPath)]
    [InlineData("a\0", DamageReason.BadPath)]
    [InlineData(".magic-folder", DamageReason.BadPath)]
    [InlineData(".Magic-Folder\0x", DamageReason.BadPath)]
    [InlineData("", DamageReason.Malformed)]
    public void PathsThatNoFolderMayHoldAreRefused(string key, DamageReason reason)
    {
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(LeafOf(System.Text.Encoding.UTF8.GetBytes(key)))).Reason.ShouldBe(reason);
        DmtNode.Decode(LeafOf("fine"u8.ToArray())).Items.Count.ShouldBe(1);
    }

    [Fact]
    public void NamesThatAreNotUtf8OrTooLongAreRefused()
    {
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(LeafOf([0xFF]))).Reason.ShouldBe(DamageReason.BadPath);
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(LeafOf([0xC3]))).Reason.ShouldBe(DamageReason.BadPath);
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(LeafOf([.. Enumerable.Repeat((byte)'a', 1025)]))).Reason.ShouldBe(DamageReason.BadPath);
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(LeafOf([.. Enumerable.Repeat((byte)'a', 4097)]))).Reason.ShouldBe(DamageReason.TooLarge);
    }

    [Fact]
    public void UnsortedAndRepeatedPathsAreRefused()
    {
        var (a, b) = (new DmtItem(Some.Path("a"), Some.Entry(1)), new DmtItem(Some.Path("b"), Some.Entry(1)));
        foreach (var items in new DmtItem[][] { [b, a], [a, a], [new(Some.Path("a/b"), Some.Entry(1)), a] })
            Should.Throw<DamagedBytesException>(() => DmtNode.Decode(DmtNode.EncodeLeaf(items))).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void ANodeThatGoesOnBehindItsEndIsRefused()
    {
        var items = Enumerable.Range(0, 1000).Select(i => new DmtItem(Some.Path(i), Some.Entry(i))).ToArray();
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(DmtNode.EncodeLeaf(items))).Reason.ShouldBe(DamageReason.Malformed);
    }

    [Fact]
    public void ANodeLongerThanAMebibyteIsRefused() =>
        Should.Throw<DamagedBytesException>(() => DmtNode.Decode(new byte[(1 << 20) + 1])).Reason.ShouldBe(DamageReason.TooLarge);

    private static bool Survives(byte[] bytes)
    {
        DmtNode node;
        try
        {
            node = DmtNode.Decode(bytes);
        }
        catch (DamagedBytesException)
        {
            return false;
        }
        Again(node).ShouldBe(bytes);
        return true;
    }

    private static byte[] Again(DmtNode node) =>
        node.IsLeaf ? DmtNode.EncodeLeaf(node.Items) : DmtNode.EncodeInterior(node.Level, node.Described);

    private static IEnumerable<byte[]> SomeNodes(int seed)
    {
        var store = new MemoryNodeStore();
        var tree = Some.Tree(store, Some.RandomMap(new Random(seed), 4000));
        yield return store.Nodes[tree.Root];
        foreach (var bytes in store.Nodes.Values.OrderBy(bytes => bytes.Length).Where((_, i) => i % 10 == 9)) yield return bytes;
    }

    /// <summary>A leaf with one directory under this sort key, written by hand.</summary>
    private static byte[] LeafOf(byte[] key)
    {
        byte[] head = key.Length switch
        {
            < 24 => [(byte)(0x40 | key.Length)],
            < 256 => [0x58, (byte)key.Length],
            _ => [0x59, (byte)(key.Length >> 8), (byte)key.Length],
        };
        return [0x84, 1, 0, 0x81, 0x50, .. new byte[16], 0x81, 0x83, 0, .. head, .. key, 0x85, 0, 1, 1, 0, 0];
    }
}
