using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>The read cap of an immutable file on the grid.</summary>
public sealed record ChkCap : ImmutableCap
{
    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ k ≤ n ≤ 256, or a negative size.</exception>
    public ChkCap(AesKey key, Digest uebHash, int k, int n, long size)
    {
        CapGrammar.CheckEncoding(k, n, size);
        (Key, UebHash, K, N, Size) = (key, uebHash, k, n, size);
        StorageIndex = key.ToStorageIndex();
    }

    /// <summary>Decrypts the file.</summary>
    public AesKey Key { get; }

    /// <summary>Hash of the URI extension block, from which everything is verified.</summary>
    public Digest UebHash { get; }

    /// <summary>How many shares are needed.</summary>
    public int K { get; }

    /// <summary>How many shares there are.</summary>
    public int N { get; }

    public override long Size { get; }

    public StorageIndex StorageIndex { get; }

    public override string Kind => "CHK";

    internal override string Fields => $"{Base32.Encode(Key.ToArray())}:{UebHash}:{K}:{N}:{Size}";

    protected override string Fingerprintable => Short(StorageIndex);

    public override ChkVerifyCap ToVerifyCap() => new(StorageIndex, UebHash, K, N, Size);
}
