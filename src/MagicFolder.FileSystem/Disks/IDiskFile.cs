namespace MagicFolder.FileSystem.Disks;

/// <summary>An open regular file. Not safe for concurrent use.</summary>
public interface IDiskFile : IDisposable
{
    DiskStat Stat();

    /// <summary>Reads at most the buffer's length; 0 at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>As <see cref="IDisk.MayHaveWriters"/>, of the open file, opened for reading only; null where only its name leads to that.</summary>
    bool? MayHaveWriters() => null;

    /// <summary>Sets mtime (nanoseconds since the epoch) and permission bits (null leaves them) of the open file. False where only its name leads to them (<see cref="IDisk.SetAttributes"/>), or they cannot be set; some may be set then.</summary>
    bool TrySetAttributes(long mtimeNs, int? mode) => false;

    /// <summary>Do bytes before the end that were never written read as zeros, whatever the disk?</summary>
    bool HolesAreZeros => false;

    /// <summary>Begins to bring what was written there to the disk, without waiting: then <see cref="Flush"/> and its like have less to do. It promises nothing.</summary>
    void BeginFlush(long offset, long length)
    {
    }

    /// <summary>Makes the file's own content durable, stores through mapped memory included.</summary>
    void Flush();
}
