drop table _muster_transfer
