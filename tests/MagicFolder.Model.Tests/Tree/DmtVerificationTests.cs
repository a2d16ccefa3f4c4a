using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;

namespace MagicFolder.Model.Tests.Tree;

public sealed class DmtVerificationTests
{
    private readonly MemoryNodeStore _store = new();
    private readonly Dmt _tree;
    private readonly DmtNode _root;

    public DmtVerificationTests()
    {
        _tree = Dmt.Empty(_store).With(Enumerable.Range(0, 700).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i))));
        _root = DmtNode.Decode(_store.Nodes[_tree.Root]);
        _root.Level.ShouldBe(1);
        _root.Described.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void EveryTreeThatWasBuiltVerifies()
    {
        for (int seed = 0; seed < 30; seed++)
            Dmt.Verify(_store, Some.Tree(_store, Some.RandomMap(new Random(seed), 1 << (seed % 12))).Root, _ => false);
        Dmt.Verify(_store, Dmt.Empty(_store).Root, _ => false);
    }

    [Fact]
    public void AMissingNodeIsNotDamage()
    {
        var store = new MemoryNodeStore();
        store.Plant(_store.Nodes[_tree.Root]);
        Should.Throw<MissingNodeException>(() => Dmt.Verify(store, _tree.Root, _ => false)).Id.ShouldBe(_root.Children[0]);
    }

    [Fact]
    public void BytesUnderAnotherIdAreRefused()
    {
        var swapped = new SwappingStore(_store, _root.Children[3], _root.Children[4]);
        Should.Throw<DamagedBytesException>(() => Dmt.Verify(swapped, _tree.Root, _ => false)).Reason.ShouldBe(DamageReason.WrongHash);
    }

    [Fact]
    public void TrustedNodesAreReadButNotWalked()
    {
        var high = Dmt.Empty(_store).With(Enumerable.Range(0, 60_000).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i))));
        var known = _store.Nodes.Keys.ToHashSet();
        var changed = high.With(new DmtEdit(Some.Path(30_000), null));
        var store = _store.Fresh();
        Dmt.Verify(store, changed.Root, known.Contains);
        store.Loads.ShouldBeLessThan(250);
        Dmt.Verify(store, high.Root, known.Contains);
    }

    public static TheoryData<string> Lies => ["files", "bytes", "last", "order", "repeat", "missing", "split", "reach", "level", "single"];

    [Theory]
    [MemberData(nameof(Lies))]
    public void AParentThatLiesAboutItsChildrenIsRefused(string lie)
    {
        // The children are all well by themselves, and known: only what is said of them is false, or how they stand together.
        var root = Forge(lie);
        var known = _store.Nodes.Keys.Where(id => id != root).ToHashSet();
        Should.Throw<DamagedBytesException>(() => Dmt.Verify(_store, root, known.Contains)).Reason.ShouldBe(DamageReason.Malformed);
        Should.Throw<DamagedBytesException>(() => Dmt.Verify(_store, root, _ => false)).Reason.ShouldBe(DamageReason.Malformed);
    }

    private BlobId Forge(string lie)
    {
        var children = _root.Described.ToList();
        int level = 1;
        switch (lie)
        {
            case "files":
                children[2] = children[2] with { Summary = children[2].Summary with { Files = 1_000_000 } };
                break;
            case "bytes":
                children[2] = children[2] with { Summary = children[2].Summary with { Bytes = 0 } };
                break;
            case "last":
                children[2] = children[2] with { Last = children[2].Last.WithName(children[2].Last.Name + "x") };
                break;
            case "order":
                // The 4th child's paths, described as if they came before the 3rd's.
                (children[2], children[3]) = (children[2] with { Id = children[3].Id }, children[3] with { Id = children[2].Id });
                break;
            case "repeat":
                children[3] = children[3] with { Id = children[2].Id, Summary = children[2].Summary };
                break;
            case "missing":
                // An empty child.
                _store.Plant(DmtNode.EncodeLeaf([]));
                children[3] = children[3] with { Id = Dmt.EmptyRoot, Summary = default };
                break;
            case "split":
                // One leaf cut in two where content does not cut it.
                var items = DmtNode.Decode(_store.Nodes[children[2].Id]).Items;
                items.Count.ShouldBeGreaterThan(2);
                children[2] = Leaf(items.Skip(1));
                children.Insert(2, Leaf(items.Take(1)));
                break;
            case "reach":
                // A leaf that ends where the genuine one ends, and begins inside of the one before.
                var back = Enumerable.Range(0, 99).Select(i => FirstOf(children[2]).Child($"x{i}")).First(path => !NodeBoundary.Ends(0, path));
                children[3] = Leaf(DmtNode.Decode(_store.Nodes[children[3].Id]).Items.Prepend(new DmtItem(back, Some.Entry(1))));
                break;
            case "level":
                level = 2;
                break;
            default:
                children = [children[0]];
                break;
        }
        return _store.Plant(DmtNode.EncodeInterior(level, children));
    }

    private RelativePath FirstOf(DmtChild leaf) => DmtNode.Decode(_store.Nodes[leaf.Id]).Items[0].Path;

    private DmtChild Leaf(IEnumerable<DmtItem> items)
    {
        var list = items.ToList();
        var bytes = DmtNode.EncodeLeaf(list);
        return new DmtChild(_store.Plant(bytes), list[^1].Path, DmtNode.Decode(bytes).Summary);
    }

    [Fact]
    public void ATrustedNodeThatCameLastElsewhereIsRefusedInTheMiddle()
    {
        // A tree whose last leaf is not closed by content, though its last key would close the node above.
        var ends = Enumerable.Range(0, 100_000).Select(i => Some.Path($"m{i:000000}")).First(path => NodeBoundary.Ends(1, path) && !NodeBoundary.Ends(0, path));
        var first = Dmt.Empty(_store).With(Below(ends, 400).Append(new DmtEdit(ends, Some.Entry(1))).OrderBy(edit => edit.Path));
        var second = Dmt.Empty(_store).With(Enumerable.Range(0, 3000).Select(i => new DmtEdit(Some.Path($"z{i:0000}"), Some.Entry(i))));
        var left = Top(first);
        var right = Top(second);
        left.Node.Level.ShouldBe(1);
        var children = new List<DmtChild> { left.Child };
        children.AddRange(right.Node.Level == 2 ? right.Node.Described : [right.Child]);
        var root = _store.Plant(DmtNode.EncodeInterior(2, children));
        var known = _store.Nodes.Keys.Where(id => id != root).ToHashSet();
        Should.Throw<DamagedBytesException>(() => Dmt.Verify(_store, root, known.Contains)).Message.ShouldContain("before its end");
        Should.Throw<DamagedBytesException>(() => Dmt.Verify(_store, root, _ => false)).Message.ShouldContain("before its end");
    }

    private static IEnumerable<DmtEdit> Below(RelativePath limit, int count) =>
        Enumerable.Range(0, count).Select(i => Some.Path($"a{i:0000}")).Where(path => path < limit && !NodeBoundary.Ends(1, path)).Select(path => new DmtEdit(path, Some.Entry(1)));

    private (DmtNode Node, DmtChild Child) Top(Dmt tree)
    {
        var node = DmtNode.Decode(_store.Nodes[tree.Root]);
        return (node, new DmtChild(tree.Root, node.Last, node.Summary));
    }

    /// <summary>Answers with the bytes of another node.</summary>
    private sealed class SwappingStore(MemoryNodeStore inner, BlobId asked, BlobId given) : INodeStore
    {
        public byte[] Load(BlobId id) => inner.Load(id == asked ? given : id);

        public bool Contains(BlobId id) => inner.Contains(id);

        public void Save(BlobId id, byte[] bytes) => inner.Save(id, bytes);
    }
}
