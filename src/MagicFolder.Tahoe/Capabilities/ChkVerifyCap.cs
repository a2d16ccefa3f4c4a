using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>Lets its holder find, verify and repair the shares of an immutable file, but not read it.</summary>
public sealed record ChkVerifyCap : FileCap
{
    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ k ≤ n ≤ 256, or a negative size.</exception>
    public ChkVerifyCap(StorageIndex storageIndex, Digest uebHash, int k, int n, long size)
    {
        CapGrammar.CheckEncoding(k, n, size);
        (StorageIndex, UebHash, K, N, Size) = (storageIndex, uebHash, k, n, size);
    }

    public StorageIndex StorageIndex { get; }

    public Digest UebHash { get; }

    public int K { get; }

    public int N { get; }

    public long Size { get; }

    public override string Kind => "CHK-Verifier";

    internal override string Fields => $"{StorageIndex}:{UebHash}:{K}:{N}:{Size}";

    protected override string Fingerprintable => Short(StorageIndex);

    public override ChkVerifyCap ToVerifyCap() => this;
}
