using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Snapshots.Tests.Doubles;

internal sealed class MemoryNodes : INodeStore
{
    private readonly Dictionary<BlobId, byte[]> _nodes = [];

    public int Count => _nodes.Count;

    public IEnumerable<BlobId> Ids => _nodes.Keys;

    public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out byte[]? bytes) ? bytes : throw new MissingNodeException(id);

    public bool Contains(BlobId id) => _nodes.ContainsKey(id);

    public void Save(BlobId id, byte[] bytes)
    {
        BlobId.Of(bytes).ShouldBe(id);
        _nodes[id] = bytes;
    }
}
