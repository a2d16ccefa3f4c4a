using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Tests.Hashing;

public sealed class MerkleTreeTests
{
    [Fact]
    public void ThreeLeavesMatchTheWorkedValues()
    {
        byte[] leaves = [.. Enumerable.Repeat((byte)'A', 32), .. Enumerable.Repeat((byte)'B', 32), .. Enumerable.Repeat((byte)'C', 32)];
        var tree = MerkleTree.FromLeaves(leaves);
        Hex(tree.Node(6)).ShouldBe("9ed59076b6bee6b75864630c3c20cff6934efe03a60a7fd28b69542fb13a68a3");
        Hex(tree.Node(1)).ShouldBe("9d16cb830129c19943f7d5738e9f13bdd8f8f16708ac14e02c11f966981d4b7c");
        Hex(tree.Node(2)).ShouldBe("e1b0cf023f9cfb5ab0b321ffe0fdce38ef99230b096049d7e32e3f1f13bcc655");
        Hex(tree.Root).ShouldBe("aa0ee5582ff88f75149f37f057008269a83d2652b67c88fc8a681254728ae49d");
        tree.Serialized.Length.ShouldBe(7 * 32);
    }

    [Fact]
    public void TheTreeOfNothingIsThePaddingLeaf()
        => Hex(MerkleTree.FromLeaves([]).Root).ShouldBe("e0024730188e2de564a697cc2987407b24ae7eb6b880190c1a0337a5740e527a");

    [Fact]
    public void TheChainOfShareThreeOfTenHasTheNodesOfTheSpecification()
    {
        MerkleTree.ChainOf(3, 10, withLeaf: true).ShouldBe([2, 4, 7, 17, 18]);
        MerkleTree.ChainOf(0, 1, withLeaf: true).ShouldBe([0]);
        MerkleTree.ChainOf(0, 1, withLeaf: false).ShouldBeEmpty();
    }

    [Fact]
    public void EveryChainVerifiesItsLeafAndNoOther()
    {
        var random = new Random(5);
        for (var count = 1; count <= 17; count++)
        {
            var tree = RandomTree(random, count);
            for (var leaf = 0; leaf < count; leaf++)
            {
                var partial = new PartialMerkleTree(count, tree.Root);
                var chain = MerkleTree.ChainOf(leaf, count, withLeaf: true).ToDictionary(n => n, tree.Node);
                partial.Add(chain).ShouldBe(MerkleVerdict.Verified);
                partial.TryGetLeaf(leaf, out var hash).ShouldBeTrue();
                hash.ShouldBe(tree.Leaf(leaf));

                foreach (var node in chain.Keys)
                {
                    var changed = new Dictionary<int, Digest>(chain) { [node] = Digest.From(Enumerable.Repeat((byte)9, 32).ToArray()) };
                    var fresh = new PartialMerkleTree(count, tree.Root);
                    fresh.Add(changed).ShouldBe(MerkleVerdict.BadHash);
                    fresh.TryGetLeaf(leaf, out _).ShouldBe(count == 1);
                }
            }
        }
    }

    [Fact]
    public void AChainWithAHoleIsNotEnoughAndTrustsNothing()
    {
        var tree = RandomTree(new Random(6), 10);
        var chain = MerkleTree.ChainOf(3, 10, withLeaf: true).ToDictionary(n => n, tree.Node);
        chain.Remove(4);
        var partial = new PartialMerkleTree(10, tree.Root);
        partial.Add(chain).ShouldBe(MerkleVerdict.NotEnoughHashes);
        partial.TryGetLeaf(3, out _).ShouldBeFalse();
        partial.Add([]).ShouldBe(MerkleVerdict.Verified);
        partial.TryGetLeaf(3, out _).ShouldBeFalse();
    }

    [Fact]
    public void NodesOutsideTheTreeAreBad()
    {
        var tree = RandomTree(new Random(6), 4);
        foreach (var node in new[] { -1, 7, int.MaxValue })
        {
            new PartialMerkleTree(4, tree.Root).Add(new Dictionary<int, Digest> { [node] = tree.Root }).ShouldBe(MerkleVerdict.BadHash);
        }
    }

    private static MerkleTree RandomTree(Random random, int count)
    {
        var leaves = new byte[count * 32];
        random.NextBytes(leaves);
        return MerkleTree.FromLeaves(leaves);
    }

    private static string Hex(Digest digest) => Convert.ToHexStringLower(digest.ToArray());
}
