using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Sync.History;

/// <summary>
/// Nodes of former trees, brought one by one while looking up single paths. They must not enter the state database, where a node that is present promises that
/// all below it is present, too.
/// </summary>
internal sealed class OldNodes(INodeStore current) : INodeStore
{
    private const long Limit = 32L << 20;
    private readonly Dictionary<BlobId, byte[]> _nodes = [];
    private long _bytes;

    public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out var bytes) ? bytes : current.Load(id);

    public bool Contains(BlobId id) => _nodes.ContainsKey(id) || current.Contains(id);

    public void Save(BlobId id, byte[] bytes)
    {
        if (_bytes > Limit)
        {
            _nodes.Clear();
            _bytes = 0;
        }
        if (_nodes.TryAdd(id, bytes)) _bytes += bytes.Length;
    }
}
