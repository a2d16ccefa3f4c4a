using System.Buffers.Binary;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>
/// The nodes of a tree, each behind its length (4 bytes), children before parents, the root last. As a repair parents name the nodes that are there, so that a hostile
/// participant is played, who can make an id of anything.
/// </summary>
internal sealed class TreeTarget : FuzzTarget
{
    public override string Name => "tree";

    public override byte[] Generate(Random random)
    {
        var store = new NodeBag();
        var tree = Dmt.Empty(store).With(Some.Map(random, random.Next(1, 150)).Select(pair => new DmtEdit(pair.Key, pair.Value)));
        var nodes = new List<byte[]>();
        Collect(store, tree.Root, nodes);
        return Join(nodes);
    }

    public override byte[] Repair(byte[] input, Random random)
    {
        var nodes = Split(input);
        var known = new List<DmtNode>();
        var ids = new List<BlobId>();
        for (int i = 0; i < nodes.Count; i++)
        {
            // Now and then a node on its own, as CBOR.
            if (random.Next(nodes.Count + 1) == 0) nodes[i] = Mutations.CborMutations.Apply(nodes[i], random);
            if (TryDecode(nodes[i]) is not { } node) continue;
            if (!node.IsLeaf) nodes[i] = DmtNode.EncodeInterior(node.Level, [.. Renamed(node, known, ids, random)]);
            known.Add(TryDecode(nodes[i]) ?? node);
            ids.Add(BlobId.Of(nodes[i]));
        }
        return Join(nodes);
    }

    public override string Run(byte[] input)
    {
        var nodes = Split(input);
        if (nodes.Count == 0) return "no node";
        var store = new NodeBag();
        foreach (byte[] node in nodes) store.Save(BlobId.Of(node), node);
        var root = BlobId.Of(nodes[^1]);
        Dmt.Verify(store, root, _ => false);
        var tree = Dmt.Open(store, root);
        var items = tree.Items().ToList();
        var again = Dmt.Empty(new NodeBag()).With(items.Select(item => new DmtEdit(item.Path, item.Entry)));
        Promise(again.Root == root, "the same entries have another tree");
        Promise(tree.Summary == again.Summary && items.TrueForAll(item => tree.Find(item.Path) is not null), "what was verified is not found");
        return $"{Size(nodes.Count)} nodes, {Size(items.Count)} items, level {DmtNode.Decode(nodes[^1]).Level}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException or MissingNodeException;

    public override long AllocationLimit(int length) => (1 << 20) + (1000L * length);

    private static IEnumerable<DmtChild> Renamed(DmtNode node, List<DmtNode> known, List<BlobId> ids, Random random)
    {
        // The last of the level below, in their order.
        var below = Enumerable.Range(0, known.Count).Where(i => known[i].Level == node.Level - 1).TakeLast(node.Described.Count).ToList();
        for (int i = 0; i < node.Described.Count; i++)
        {
            var child = node.Described[i];
            if (i >= below.Count) yield return child;
            else yield return child with { Id = ids[below[i]], Summary = random.Next(8) == 0 ? child.Summary : known[below[i]].Summary };
        }
    }

    private static DmtNode? TryDecode(byte[] bytes)
    {
        try
        {
            return DmtNode.Decode(bytes);
        }
        catch (DamagedBytesException)
        {
            return null;
        }
    }

    private static void Collect(NodeBag store, BlobId id, List<byte[]> nodes)
    {
        byte[] bytes = store.Load(id);
        foreach (var child in DmtNode.Decode(bytes).Children) Collect(store, child, nodes);
        nodes.Add(bytes);
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> input)
    {
        var nodes = new List<byte[]>();
        while (input.Length >= 4 && nodes.Count < 1000)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(input);
            if (length > input.Length - 4) break;
            nodes.Add(input.Slice(4, (int)length).ToArray());
            input = input[(4 + (int)length)..];
        }
        return nodes;
    }

    private static byte[] Join(List<byte[]> nodes)
    {
        using var joined = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (byte[] node in nodes)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, node.Length);
            joined.Write(length);
            joined.Write(node);
        }
        return joined.ToArray();
    }
}
