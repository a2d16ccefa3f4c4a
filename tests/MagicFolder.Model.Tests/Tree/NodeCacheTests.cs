using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Model.Tests.Tree;

public sealed class NodeCacheTests
{
    private readonly MemoryNodeStore _store = new();
    private readonly Dmt _tree;

    public NodeCacheTests() => _tree = Dmt.Empty(_store).With(Enumerable.Range(0, 3000).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i))));

    [Fact]
    public void WhatIsKeptIsReadNeitherForVerifyingNorForJoining()
    {
        var store = _store.Fresh();
        foreach (var (id, bytes) in store.Nodes.ToList()) Dmt.Keep(store, id, DmtNode.Decode(bytes));
        Dmt.Verify(store, _tree.Root, _ => false);
        Dmt.Diff(Dmt.Empty(store), Dmt.Open(store, _tree.Root)).Count().ShouldBe(3000);
        store.Loads.ShouldBe(0);
    }

    [Fact]
    public void WhatWasBuiltIsAsItIsDecodedFromItsBytes()
    {
        foreach (var (id, bytes) in _store.Nodes)
        {
            var built = Dmt.Node(_store, id);
            var decoded = DmtNode.Decode(bytes);
            built.Level.ShouldBe(decoded.Level);
            built.EncodedLength.ShouldBe(bytes.Length);
            built.Summary.ShouldBe(decoded.Summary);
            built.Items.ShouldBe(decoded.Items);
            built.Described.ShouldBe(decoded.Described);
        }
    }

    [Fact]
    public void WhatIsReadMustHaveItsId()
    {
        var store = new Mixed(_store);
        Should.Throw<DamagedBytesException>(() => Dmt.Open(store, _tree.Root).Find(Some.Path(7))).Reason.ShouldBe(DamageReason.WrongHash);
    }

    [Fact]
    public void WhereAPathWasLookedForLastDoesNotChangeWhatIsFound()
    {
        var random = new Random(5);
        for (int i = 0; i < 5000; i++)
        {
            // Every fourth is not there, and some are behind the last.
            int number = random.Next(3020);
            var path = random.Next(4) == 0 ? Some.Path(number).Parent : Some.Path(number);
            var fresh = Dmt.Open(_store, _tree.Root);
            bool isThere = _tree.Find(path) is not null;
            isThere.ShouldBe(fresh.Find(path) is not null);
            isThere.ShouldBe(path.Depth == 3 && number < 3000);
            _tree.HasDescendants(path).ShouldBe(Dmt.Open(_store, _tree.Root).HasDescendants(path));
            _tree.HasDescendants(path).ShouldBe(path.Depth == 2 && number < 3000);
        }
    }

    /// <summary>Gives the empty leaf for everything.</summary>
    private sealed class Mixed(MemoryNodeStore store) : INodeStore
    {
        public byte[] Load(BlobId id) => DmtNode.EncodeLeaf([]);

        public bool Contains(BlobId id) => store.Contains(id);

        public void Save(BlobId id, byte[] bytes) => store.Save(id, bytes);
    }
}
