namespace MagicFolder.Grid.Servers;

/// <summary>The bytes [Offset, Offset+Size), clipped to the share, must equal Specimen. A missing share reads as empty.</summary>
public readonly record struct TestVector(long Offset, long Size, ReadOnlyMemory<byte> Specimen)
{
    /// <summary>Passes only if the share does not exist or is empty.</summary>
    public static TestVector MustNotExist { get; } = new(0, 1, ReadOnlyMemory<byte>.Empty);

    /// <summary>The share must begin with <paramref name="checkstring"/>.</summary>
    public static TestVector BeginsWith(ReadOnlyMemory<byte> checkstring) => new(0, checkstring.Length, checkstring);
}

/// <summary>Bytes to write at an offset; a hole in front of it is filled with zeros.</summary>
public readonly record struct WriteVector(long Offset, ReadOnlyMemory<byte> Data);

/// <summary>A range to read, clipped to the share.</summary>
public readonly record struct ReadVector(long Offset, long Size);

/// <summary>What is tested and written in one share.</summary>
/// <param name="NewLength">0 deletes the share, a smaller one cuts it, a larger one or null does nothing.</param>
public sealed record ShareWrite(int Number, IReadOnlyList<TestVector> Tests, IReadOnlyList<WriteVector> Writes, long? NewLength);

/// <summary>One atomic request: all tests must pass before anything is written; reads show every share of the slot as it was before.</summary>
public sealed record ReadTestWriteRequest(IReadOnlyList<ShareWrite> Shares, IReadOnlyList<ReadVector> Reads);

/// <summary>The answer.</summary>
/// <param name="Success">Whether all tests passed, and so the writes are durable.</param>
/// <param name="Data">For every share that existed before: the bytes of each read vector.</param>
public sealed record ReadTestWriteResult(bool Success, IReadOnlyDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> Data);
