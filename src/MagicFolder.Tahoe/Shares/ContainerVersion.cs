namespace MagicFolder.Tahoe.Shares;

/// <summary>Version of a share container; it says how lease secrets are stored. The version of an existing file is kept, new files have version 2.</summary>
public enum ContainerVersion
{
    /// <summary>Lease secrets in clear.</summary>
    V1 = 1,

    /// <summary>Lease secrets as BLAKE2b-256 (specification of the storage server, section 4).</summary>
    V2 = 2,
}
