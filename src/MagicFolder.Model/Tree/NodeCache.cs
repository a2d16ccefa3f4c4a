using System.Runtime.CompilerServices;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Model.Tree;

/// <summary>
/// The decoded nodes of one store that were used last, shared by all its trees; about 32 MiB at most. It lives as long as its store. Like the store, it
/// serves one thread at a time. What is in it was checked against its id. It never stands for the store: what is written goes to the store itself, so that a node dropped
/// there is saved again.
/// </summary>
internal sealed class NodeCache
{
    private const long Capacity = 32 << 20;

    private static readonly ConditionalWeakTable<INodeStore, NodeCache> Caches = [];

    private readonly Dictionary<BlobId, LinkedListNode<Cached>> _byId = [];
    private readonly LinkedList<Cached> _newestFirst = [];
    private long _used;

    public static NodeCache Of(INodeStore store) => Caches.GetValue(store, static _ => new NodeCache());

    public DmtNode Load(INodeStore store, BlobId id)
    {
        if (_byId.TryGetValue(id, out var place))
        {
            if (place.Previous is not null)
            {
                _newestFirst.Remove(place);
                _newestFirst.AddFirst(place);
            }
            return place.Value.Node;
        }
        byte[] bytes = store.Load(id);
        if (BlobId.Of(bytes) != id) throw new DamagedBytesException(DamageReason.WrongHash, $"The tree node {id} has other bytes than its id says.");
        var node = DmtNode.Decode(bytes);
        Add(id, node);
        return node;
    }

    /// <summary>Takes a node that was decoded from bytes that have this id, or encoded to them.</summary>
    public void Keep(BlobId id, DmtNode node)
    {
        if (!_byId.ContainsKey(id)) Add(id, node);
    }

    private void Add(BlobId id, DmtNode node)
    {
        // What the objects of a decoded node take beyond its bytes, measured: about 300 bytes an item.
        long cost = node.EncodedLength + 300L * (node.Count + 1);
        _byId.Add(id, _newestFirst.AddFirst(new Cached(id, node, cost)));
        _used += cost;
        while (_used > Capacity && _newestFirst.Count > 1)
        {
            var oldest = _newestFirst.Last!.Value;
            _newestFirst.RemoveLast();
            _byId.Remove(oldest.Id);
            _used -= oldest.Cost;
        }
    }

    private readonly record struct Cached(BlobId Id, DmtNode Node, long Cost);
}
