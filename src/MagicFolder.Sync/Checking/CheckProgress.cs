namespace MagicFolder.Sync.Checking;

/// <summary>How far a check of a folder is, for whoever shows it. Safe for concurrent use; the counters only grow.</summary>
public sealed class CheckProgress
{
    private long _snapshots;
    private long _versions;
    private long _bytes;
    private long _shares;
    private long _shareBytes;
    private long _objects;
    private long _allObjects;

    /// <summary>Snapshots that were read.</summary>
    public long Snapshots => Interlocked.Read(ref _snapshots);

    /// <summary>Versions of files that were met, each once.</summary>
    public long Versions => Interlocked.Read(ref _versions);

    /// <summary>Bytes of contents that were read and verified, each blob once.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Objects of the grid that were looked at.</summary>
    public long Objects => Interlocked.Read(ref _objects);

    /// <summary>Objects of the grid that are to be looked at; 0 until that is known.</summary>
    public long AllObjects => Interlocked.Read(ref _allObjects);

    /// <summary>Shares that were looked at.</summary>
    public long Shares => Interlocked.Read(ref _shares);

    /// <summary>Bytes of the file data in the shares of packs that were looked at; hashes and mutable objects are not counted.</summary>
    public long ShareBytes => Interlocked.Read(ref _shareBytes);

    internal void AddSnapshot() => Interlocked.Increment(ref _snapshots);

    internal void AddVersion() => Interlocked.Increment(ref _versions);

    internal void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void SetObjects(long objects) => Interlocked.Exchange(ref _allObjects, objects);

    internal void AddObject(int shares, long shareBytes)
    {
        Interlocked.Add(ref _shares, shares);
        Interlocked.Add(ref _shareBytes, shareBytes);
        Interlocked.Increment(ref _objects);
    }
}
