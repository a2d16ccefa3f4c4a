namespace MagicFolder.State;

/// <summary>What is recorded as being on this disk. Implied directories count as directories; <paramref name="Bytes"/> is the sum of the file sizes.</summary>
public readonly record struct RecordTotals(long Files, long Directories, long Symlinks, long Bytes);
