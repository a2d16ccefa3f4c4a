using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>Lets its holder read a mutable file and verify who wrote it.</summary>
public sealed record MutableReadCap(MutableFormat Format, ReadKey ReadKey, Digest Fingerprint) : FileCap
{
    public StorageIndex StorageIndex => ReadKey.ToStorageIndex();

    public override bool IsMutable => true;

    public override string Kind => Format == MutableFormat.Sdmf ? "SSK-RO" : "MDMF-RO";

    internal override string Fields => $"{Base32.Encode(ReadKey.ToArray())}:{Fingerprint}";

    protected override string Fingerprintable => Short(StorageIndex);

    public override MutableVerifyCap ToVerifyCap() => new(Format, StorageIndex, Fingerprint);
}
