using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Reporting;

/// <summary>Counters of one participant's work, for whoever shows them; all but <see cref="Uploading"/> and <see cref="Downloading"/> only grow. Safe for concurrent use.</summary>
public sealed class SyncProgress
{
    private long _filesScanned;
    private long _filesCaptured;
    private long _bytesCaptured;
    private long _filesApplied;
    private long _bytesApplied;
    private long _toApply;
    private long _rounds;
    private long _roundTicks;
    private long _uploading;
    private long _downloading;
    private IProgressListener? _listener;

    /// <summary>Is told of single paths; null for nobody. May be set at any time.</summary>
    public IProgressListener? Listener
    {
        get => Volatile.Read(ref _listener);
        set => Volatile.Write(ref _listener, value);
    }

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

    /// <summary>Rounds that ended well.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>How long they took, in all.</summary>
    public TimeSpan RoundTime => TimeSpan.FromTicks(Interlocked.Read(ref _roundTicks));

    /// <summary>Files that are being stored just now: read, but not durable on the grid yet.</summary>
    public long Uploading => Interlocked.Read(ref _uploading);

    /// <summary>Files that are being brought just now: not in place yet.</summary>
    public long Downloading => Interlocked.Read(ref _downloading);

    internal void AddRound(TimeSpan time)
    {
        Interlocked.Increment(ref _rounds);
        Interlocked.Add(ref _roundTicks, time.Ticks);
    }

    internal void Started(TransferDirection direction, RelativePath path)
    {
        Interlocked.Increment(ref UnderWay(direction));
        if (direction == TransferDirection.Upload) Listener?.UploadStarted(path);
        else Listener?.DownloadStarted(path);
    }

    internal void Finished(TransferDirection direction, RelativePath path)
    {
        Interlocked.Decrement(ref UnderWay(direction));
        if (direction == TransferDirection.Upload) Listener?.UploadFinished(path);
        else Listener?.DownloadFinished(path);
    }

    internal void Abandoned(TransferDirection direction, int paths) => Interlocked.Add(ref UnderWay(direction), -paths);

    internal void AddScanned() => Interlocked.Increment(ref _filesScanned);

    internal void AddCaptured() => Interlocked.Increment(ref _filesCaptured);

    internal void AddBytesCaptured(long bytes) => Interlocked.Add(ref _bytesCaptured, bytes);

    internal void AddApplied() => Interlocked.Increment(ref _filesApplied);

    internal void AddBytesApplied(long bytes) => Interlocked.Add(ref _bytesApplied, bytes);

    internal void AddToApply(long paths) => Interlocked.Add(ref _toApply, paths);

    private ref long UnderWay(TransferDirection direction) => ref direction == TransferDirection.Upload ? ref _uploading : ref _downloading;
}
