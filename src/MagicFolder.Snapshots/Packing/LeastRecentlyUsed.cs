using System.Diagnostics.CodeAnalysis;

namespace MagicFolder.Snapshots.Packing;

/// <summary>A bounded map that gives up what was not used for longest. One thread at a time.</summary>
internal sealed class LeastRecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _byKey = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = new();

    public int Count => _byKey.Count;

    /// <summary>The last used first.</summary>
    public IEnumerable<TValue> Values
    {
        get
        {
            for (var node = _byUse.First; node is not null; node = node.Next) yield return node.Value.Value;
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Adds a new key. True if something had to go for it: the caller disposes of <paramref name="evicted"/>.</summary>
    public bool Add(TKey key, TValue value, [MaybeNullWhen(false)] out TValue evicted)
    {
        _byKey.Add(key, _byUse.AddFirst((key, value)));
        if (_byKey.Count <= capacity)
        {
            evicted = default;
            return false;
        }
        var last = _byUse.Last!.Value;
        _byUse.RemoveLast();
        _byKey.Remove(last.Key);
        evicted = last.Value;
        return true;
    }

    public void Clear()
    {
        _byKey.Clear();
        _byUse.Clear();
    }
}
