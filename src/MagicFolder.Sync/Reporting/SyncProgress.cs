namespace MagicFolder.Sync.Reporting;

/// <summary>Counters of one participant's running work, for whoever shows them. Safe for concurrent use; they only grow.</summary>
public sealed class SyncProgress
{
    private long _filesScanned;
    private long _filesCaptured;
    private long _bytesCaptured;
    private long _filesApplied;
    private long _bytesApplied;
    private long _toApply;

    /// <summary>Paths looked at in scans.</summary>
    public long Scanned => Interlocked.Read(ref _filesScanned);

    /// <summary>Local changes recorded as versions.</summary>
    public long Captured => Interlocked.Read(ref _filesCaptured);

    /// <summary>Bytes of local content read for them.</summary>
    public long BytesCaptured => Interlocked.Read(ref _bytesCaptured);

    /// <summary>Remote changes brought to the disk.</summary>
    public long Applied => Interlocked.Read(ref _filesApplied);

    /// <summary>Bytes of content written for them.</summary>
    public long BytesApplied => Interlocked.Read(ref _bytesApplied);

    /// <summary>Paths that joins have left to bring to the disk, in all.</summary>
    public long ToApply => Interlocked.Read(ref _toApply);

    internal void AddScanned() => Interlocked.Increment(ref _filesScanned);

    internal void AddCaptured() => Interlocked.Increment(ref _filesCaptured);

    internal void AddBytesCaptured(long bytes) => Interlocked.Add(ref _bytesCaptured, bytes);

    internal void AddApplied() => Interlocked.Increment(ref _filesApplied);

    internal void AddBytesApplied(long bytes) => Interlocked.Add(ref _bytesApplied, bytes);

    internal void AddToApply(long paths) => Interlocked.Add(ref _toApply, paths);
}
