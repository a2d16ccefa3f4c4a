using MagicFolder.FileSystem.Disks;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>Counts the calls to an open file.</summary>
internal sealed class CountingFile(IDiskFile file, Tally tally) : IDiskFile
{
    public DiskStat Stat()
    {
        tally.Add("file Stat");
        return file.Stat();
    }

    public int Read(long offset, Span<byte> buffer)
    {
        tally.Add("file Read");
        return file.Read(offset, buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        tally.Add("file Write");
        file.Write(offset, bytes);
    }

    public bool? MayHaveWriters()
    {
        tally.Add("file MayHaveWriters");
        return file.MayHaveWriters();
    }

    public bool TrySetAttributes(long mtimeNs, int? mode)
    {
        tally.Add("file TrySetAttributes");
        return file.TrySetAttributes(mtimeNs, mode);
    }

    public bool HolesAreZeros => file.HolesAreZeros;

    public void BeginFlush(long offset, long length)
    {
        tally.Add("file BeginFlush");
        file.BeginFlush(offset, length);
    }

    public void Flush()
    {
        tally.Add("file Flush");
        file.Flush();
    }

    public void Dispose() => file.Dispose();
}
