using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Directories;

/// <summary>
/// Makes immutable directories of a tree, from the leaves to the root (tahoe-directories, section 4). The caller stores each directory and says under which cap, so that its parent can be made; a
/// directory that fits becomes a literal and needs no storing. Holds only the directories on the way to the current entry. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// <code>
/// while (tree.Next() is { } directory)
/// {
///     tree.Stored(await StoreAsync(directory.Packed));
/// }
/// </code>
/// Then <see cref="Root"/> is the cap of the whole. Nothing but names, caps and metadata goes into it: a subtree that is unchanged keeps its cap, if it is stored with a convergent key.
/// </remarks>
public sealed class TreePublication : IDisposable
{
    private readonly IEnumerator<TreeEntry> _entries;
    private readonly Stack<Open> _open = [];
    private readonly List<TreeEntry> _leftOut = [];
    private TreeEntry? _pending;
    private bool _isWaiting;

    /// <param name="entries">
    /// As a walk of the tree meets them: all entries of a directory in one piece, behind that of the directory itself, if it has one. The order of names does not matter.
    /// </param>
    public TreePublication(IEnumerable<TreeEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _entries = entries.GetEnumerator();
        _open.Push(new Open(string.Empty, ChildMetadata.Empty, isLeftOut: false));
        Advance();
    }

    /// <summary>The cap of the whole tree, when <see cref="Next"/> has given null.</summary>
    public DirectoryCap? Root { get; private set; }

    /// <summary>
    /// Entries that a directory cannot hold beside one that came before, since their names are one when normalized. What is below them is left out, too, and not listed.
    /// </summary>
    public IReadOnlyList<TreeEntry> LeftOut => _leftOut;

    /// <summary>The next directory to store; null when all are.</summary>
    /// <exception cref="ArgumentException">The entries are not in the order of a walk, one of them can change, or has a name that is not Unicode.</exception>
    public DirectoryToStore? Next()
    {
        if (_isWaiting)
        {
            throw new InvalidOperationException("Say first where the former directory was stored.");
        }

        while (_open.Count > 0)
        {
            if (_pending is { } entry && IsBelowOpen(entry.Path))
            {
                Take(entry);
                continue;
            }

            var packed = _open.Peek().Table.Pack();
            if (packed.Length > LiteralCap.MaxSize && !_open.Peek().IsLeftOut)
            {
                _isWaiting = true;
                return new DirectoryToStore([.. _open.Reverse().Skip(1).Select(open => open.Name)], packed);
            }

            Close(LiteralCap.Owning(packed));
        }

        return null;
    }

    /// <summary>Says where the directory that was given last is.</summary>
    /// <param name="cap">Of the file that holds it.</param>
    public void Stored(ImmutableCap cap)
    {
        ArgumentNullException.ThrowIfNull(cap);
        if (!_isWaiting)
        {
            throw new InvalidOperationException("No directory was given that is to be stored.");
        }

        _isWaiting = false;
        Close(cap);
    }

    public void Dispose() => _entries.Dispose();

    private void Advance() => _pending = _entries.MoveNext() ? _entries.Current : null;

    private bool IsBelowOpen(IReadOnlyList<string> path)
    {
        if (path.Count == 0)
        {
            throw new ArgumentException("The root has no entry.");
        }

        var depth = _open.Count - 1;
        foreach (var open in _open)
        {
            if (depth > 0 && (path.Count <= depth || !string.Equals(path[depth - 1], open.Name, StringComparison.Ordinal)))
            {
                return false;
            }

            depth--;
        }

        return true;
    }

    private void Take(TreeEntry entry)
    {
        var parent = _open.Peek();
        var name = entry.Path[_open.Count - 1];
        var isLeaf = entry.Path.Count == _open.Count;
        if (!parent.Spellings.Add(name))
        {
            throw new ArgumentException("The entries of a directory are not in one piece, or one is there twice.");
        }

        var isLeftOut = parent.IsLeftOut;
        if (!isLeftOut && !parent.Names.Add(ChildName.From(name)))
        {
            isLeftOut = true;
            _leftOut.Add(entry);
        }

        if (!isLeaf)
        {
            // A directory that has no entry of its own; the entry is looked at again below it.
            _open.Push(new Open(name, ChildMetadata.Empty, isLeftOut));
            return;
        }

        if (entry.Cap is not { } cap)
        {
            _open.Push(new Open(name, entry.Metadata, isLeftOut));
        }
        else if (!isLeftOut)
        {
            parent.Add(name, cap, entry.Metadata);
        }

        Advance();
    }

    private void Close(ImmutableCap content)
    {
        var closed = _open.Pop();
        if (_open.Count == 0)
        {
            Root = new DirectoryCap(content);
        }
        else if (!closed.IsLeftOut)
        {
            _open.Peek().Add(closed.Name, new DirectoryCap(content), closed.Metadata);
        }
    }

    private sealed class Open(string name, ChildMetadata metadata, bool isLeftOut)
    {
        internal string Name => name;

        internal ChildMetadata Metadata => metadata;

        internal bool IsLeftOut => isLeftOut;

        /// <summary>All that were here, to tell a second visit from a name that is spelled in another way.</summary>
        internal HashSet<string> Spellings { get; } = new(StringComparer.Ordinal);

        internal HashSet<ChildName> Names { get; } = [];

        internal DirectoryTable Table { get; private set; } = DirectoryTable.Empty(DirectoryAuthority.Immutable);

        internal void Add(string child, Cap cap, ChildMetadata childMetadata)
            => Table = Table.With(new DirectoryChild(ChildName.From(child), ChildCaps.Of(cap), childMetadata));
    }
}
